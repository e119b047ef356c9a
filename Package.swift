// swift-tools-version: 6.2
import PackageDescription

/// Settings that every Swift target shares: the whole of today's strictness, so that nothing has to be tightened later.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

/// For targets that never touch a C pointer.
let strictAndSafe: [SwiftSetting] = strict + [.strictMemorySafety()]

let strictC: [CSetting] = [
  .define("_GNU_SOURCE"),
  .unsafeFlags(["-Wall", "-Wextra", "-Werror"]),
]

let package = Package(
  name: "pup",
  products: [
    .library(name: "PupAPI", targets: ["PupAPI"]),
    .library(name: "PupRestClient", targets: ["PupRestClient"]),
    .executable(name: "pup", targets: ["pup"]),
    .executable(name: "pup-supervisor", targets: ["pup-supervisor"]),
    .executable(name: "pup-keeper", targets: ["pup-keeper"]),
  ],
  targets: [
    // System calls that Swift cannot import.
    .target(name: "CLinux", cSettings: strictC),
    .target(name: "CSpawn", cSettings: strictC),

    .target(name: "PupCore", swiftSettings: strictAndSafe),
    .target(name: "PupConfig", dependencies: ["PupCore"], swiftSettings: strict),
    .target(name: "PupSystem", dependencies: ["CLinux"], swiftSettings: strict),
    .target(name: "PupLogs", dependencies: ["PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupKeeper", dependencies: ["PupSystem", "CLinux", "CSpawn"], swiftSettings: strict),
    .target(name: "PupWatch", dependencies: ["PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupInstance", dependencies: ["PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupService", dependencies: ["PupInstance", "PupSystem", "CLinux"], swiftSettings: strict),
    .target(
      name: "PupDaemon",
      dependencies: [
        "PupCore", "PupConfig", "PupSystem", "PupLogs", "PupWatch", "PupInstance", "PupAPI", "PupTokens", "PupStore", "PupWeb",
        "CLinux", "CSpawn",
      ],
      swiftSettings: strict),
    .target(
      name: "PupCommandLine",
      dependencies: [
        "PupConfig", "PupCore", "PupInstance", "PupLogs", "PupService", "PupSystem", "PupAPI", "PupRestClient", "PupTokens",
        "PupStore",
        "CLinux",
      ],
      swiftSettings: strict),

    // The control surface.
    .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CWslay", providers: [.apt(["libwslay-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "PupAPI", swiftSettings: strictAndSafe),
    .target(name: "PupTokens", dependencies: ["PupAPI", "PupSystem", "CLinux", "CCrypto"], swiftSettings: strict),
    .target(
      name: "PupWeb",
      dependencies: ["PupAPI", "PupTokens", "PupSystem", "CLinux", "CMicroHTTPD", "CWslay", "CCrypto"],
      swiftSettings: strict),
    .target(name: "PupStore", dependencies: ["PupCore", "PupSystem", "CLinux", "CSQLite"], swiftSettings: strict),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "PupRestClient", dependencies: ["PupAPI", "CCurl"], swiftSettings: strict),

    .target(name: "PupSimulation", dependencies: ["PupCore"], swiftSettings: strict),

    .executableTarget(name: "pup", dependencies: ["PupCommandLine"], swiftSettings: strict),
    .executableTarget(name: "pup-supervisor", dependencies: ["PupDaemon"], swiftSettings: strict),
    .executableTarget(name: "pup-keeper", dependencies: ["PupKeeper"], swiftSettings: strict),
    .executableTarget(name: "pup-simulate", dependencies: ["PupSimulation"], swiftSettings: strict),
    .executableTarget(name: "pup-generate", dependencies: ["PupCommandLine", "PupConfig", "PupWeb"], swiftSettings: strict),
    .executableTarget(name: "testchild", dependencies: [], swiftSettings: strict),
    .executableTarget(
      name: "testbrain", dependencies: ["PupDaemon", "PupCore", "PupSystem", "CLinux"], path: "Tests/testbrain",
      swiftSettings: strict),

    .testTarget(name: "PupCoreTests", dependencies: ["PupCore", "PupSimulation"], swiftSettings: strict),
    .testTarget(name: "PupWatchTests", dependencies: ["PupWatch", "PupSystem"], swiftSettings: strict),
    .testTarget(name: "PupConfigTests", dependencies: ["PupConfig", "PupCore"], swiftSettings: strict),
    .testTarget(name: "PupSystemTests", dependencies: ["PupSystem", "CLinux"], swiftSettings: strict),
    .testTarget(name: "PupInstanceTests", dependencies: ["PupInstance", "PupSystem", "CLinux"], swiftSettings: strict),
    .testTarget(name: "PupServiceTests", dependencies: ["PupService", "PupInstance", "PupSystem"], swiftSettings: strict),
    .testTarget(name: "PupKeeperTests", dependencies: ["PupKeeper", "PupSystem"], swiftSettings: strict),
    .testTarget(name: "PupDaemonTests", dependencies: ["PupDaemon", "PupSystem", "CSpawn"], swiftSettings: strict),
    .testTarget(
      name: "PupCommandLineTests",
      dependencies: ["PupCommandLine", "PupConfig", "PupInstance", "PupLogs", "PupAPI", "PupRestClient", "PupService"],
      swiftSettings: strict),
    .testTarget(name: "PupAPITests", dependencies: ["PupAPI"], swiftSettings: strict),
    .testTarget(name: "PupTokensTests", dependencies: ["PupTokens", "PupAPI"], swiftSettings: strict),
    .testTarget(
      name: "PupWebTests", dependencies: ["PupWeb", "PupTokens", "PupAPI", "PupSystem", "PupRestClient"], swiftSettings: strict),
    .testTarget(
      name: "PupStoreTests", dependencies: ["PupStore", "PupCore", "PupSystem", "CLinux", "CSQLite"], swiftSettings: strict),
    .testTarget(
      name: "PupRestClientTests", dependencies: ["PupRestClient", "PupAPI", "PupWeb", "PupTokens", "PupSystem"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzCorpusTests", dependencies: ["PupAPI", "PupTokens", "PupWeb", "PupRestClient"], swiftSettings: strict),
    .testTarget(name: "UserModeLinuxTests", dependencies: ["PupSystem", "CLinux"], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["PupLogs", "PupSystem", "PupInstance", "PupRestClient", "PupAPI", "PupTokens", "CLinux"],
      swiftSettings: strict),
    .testTarget(name: "PupLogsTests", dependencies: ["PupLogs", "PupSystem", "CLinux"], swiftSettings: strict),
  ]
)
