// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product's stays free of sanitizers. `Sources` are links to the product's targets.

let sanitized: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

let sanitizedC: [CSetting] = [
  .define("_GNU_SOURCE"),
  .unsafeFlags(["-fsanitize=fuzzer-no-link,address"]),
]

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: "fuzz-\(name)", dependencies: dependencies + ["CFuzzDriver"], path: "Targets/\(name)",
    swiftSettings: sanitized + [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])])
}

let package = Package(
  name: "pup-fuzz",
  targets: [
    .target(name: "CFuzzDriver", path: "Driver"),
    .target(name: "CLinux", cSettings: sanitizedC),
    .target(name: "CSpawn", cSettings: sanitizedC),
    .target(name: "PupBasics", swiftSettings: sanitized),
    .target(name: "PupCore", dependencies: ["PupBasics"], swiftSettings: sanitized),
    .target(name: "PupConfig", dependencies: ["PupBasics", "PupCore"], swiftSettings: sanitized),
    .target(name: "PupSystem", dependencies: ["PupBasics", "CLinux"], swiftSettings: sanitized),
    .target(name: "PupLogs", dependencies: ["PupBasics", "PupSystem", "CLinux"], swiftSettings: sanitized),
    .systemLibrary(name: "CTLS", pkgConfig: "libssl"),
    .systemLibrary(name: "CWslay"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
    .target(name: "PupAPI", dependencies: ["PupBasics"], swiftSettings: sanitized),
    .target(name: "PupTokens", dependencies: ["PupAPI", "PupSystem", "CLinux", "CCrypto"], swiftSettings: sanitized),
    .target(name: "PupEvents", dependencies: ["PupAPI", "PupTokens", "PupSystem"], swiftSettings: sanitized),
    .target(
      name: "PupWeb",
      dependencies: ["PupBasics", "PupAPI", "PupEvents", "PupTokens", "PupSystem", "CLinux", "CTLS", "CWslay", "CCrypto"],
      swiftSettings: sanitized),
    .target(name: "PupRestClient", dependencies: ["PupAPI", "CCurl"], swiftSettings: sanitized),
    // What the tests check with the inputs that are checked in.
    .target(
      name: "FuzzChecks",
      dependencies: ["PupAPI", "PupConfig", "PupCore", "PupRestClient", "PupSystem", "PupTokens", "PupWeb", "CSpawn"],
      swiftSettings: sanitized),

    fuzzer("config", ["FuzzChecks"]),
    fuzzer("cron", ["PupCore"]),
    fuzzer("zone", ["PupCore"]),
    fuzzer("protocol", ["FuzzChecks"]),
    fuzzer("plan", ["FuzzChecks"]),
    fuzzer("logs", ["PupLogs"]),
    fuzzer("request", ["FuzzChecks"]),
    fuzzer("framing", ["FuzzChecks"]),
    fuzzer("json", ["FuzzChecks"]),
    fuzzer("token", ["FuzzChecks"]),
    fuzzer("events", ["FuzzChecks"]),
  ]
)
