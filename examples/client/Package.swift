// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "client-example",
  dependencies: [
    // In your own package: .package(url: "<where this repository is>", from: "<a version>")
    .package(name: "pup", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "watch",
      dependencies: [.product(name: "PupRestClient", package: "pup"), .product(name: "PupAPI", package: "pup")]),
    .executableTarget(
      name: "worker",
      dependencies: [.product(name: "PupRestClient", package: "pup"), .product(name: "PupAPI", package: "pup")]),
  ]
)
