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

    .target(name: "PupBasics", swiftSettings: strictAndSafe),
    .target(name: "PupCore", dependencies: ["PupBasics"], swiftSettings: strictAndSafe),
    .target(name: "PupConfig", dependencies: ["PupBasics", "PupCore"], swiftSettings: strict),
    .target(name: "PupSystem", dependencies: ["PupBasics", "CLinux"], swiftSettings: strict),
    .target(name: "PupLogs", dependencies: ["PupBasics", "PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupKeeper", dependencies: ["PupBasics", "PupSystem", "CLinux", "CSpawn"], swiftSettings: strict),
    .target(name: "PupWatch", dependencies: ["PupConfig", "PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupInstance", dependencies: ["PupBasics", "PupSystem", "CLinux"], swiftSettings: strict),
    .target(name: "PupService", dependencies: ["PupBasics", "PupInstance", "PupSystem", "CLinux"], swiftSettings: strict),
    .target(
      name: "PupDaemon",
      dependencies: [
        "PupBasics", "PupCore", "PupConfig", "PupSystem", "PupLogs", "PupWatch", "PupInstance", "PupAPI", "PupEvents",
        "PupTokens",
        "PupStore", "PupWeb", "CLinux", "CSpawn",
      ],
      swiftSettings: strict),
    .target(
      name: "PupCommandLine",
      dependencies: [
        "PupBasics", "PupConfig", "PupCore", "PupInstance", "PupLogs", "PupService", "PupSystem", "PupAPI", "PupRestClient",
        "PupTokens", "PupStore", "PupWatch", "CLinux",
      ],
      swiftSettings: strict),

    // The control surface.
    .systemLibrary(name: "CTLS", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CWslay", providers: [.apt(["libwslay-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "PupAPI", dependencies: ["PupBasics"], swiftSettings: strictAndSafe),
    .target(name: "PupTokens", dependencies: ["PupAPI", "PupSystem", "CLinux", "CCrypto"], swiftSettings: strict),
    .target(name: "PupEvents", dependencies: ["PupAPI", "PupTokens", "PupSystem"], swiftSettings: strictAndSafe),
    .target(
      name: "PupWeb",
      dependencies: ["PupBasics", "PupAPI", "PupEvents", "PupTokens", "PupSystem", "CLinux", "CTLS", "CWslay", "CCrypto"],
      swiftSettings: strict),
    .target(
      name: "PupStore", dependencies: ["PupBasics", "PupAPI", "PupCore", "PupSystem", "CLinux", "CSQLite"], swiftSettings: strict),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "PupRestClient", dependencies: ["PupAPI", "CCurl"], swiftSettings: strict),

    .target(name: "PupSimulation", dependencies: ["PupCore"], swiftSettings: strict),

    .executableTarget(name: "pup", dependencies: ["PupCommandLine"], swiftSettings: strict),
    .executableTarget(name: "pup-supervisor", dependencies: ["PupDaemon"], swiftSettings: strict),
    .executableTarget(name: "pup-keeper", dependencies: ["PupKeeper"], swiftSettings: strict),
    .executableTarget(name: "pup-simulate", dependencies: ["PupSimulation"], swiftSettings: strict),
    .executableTarget(
      name: "pup-generate", dependencies: ["PupCommandLine", "PupConfig", "PupInstance", "PupWeb"], swiftSettings: strict),
    .executableTarget(name: "testchild", dependencies: [], path: "Tests/testchild", swiftSettings: strict),
    .executableTarget(
      name: "testbrain",
      dependencies: ["PupBasics", "PupCommandLine", "PupDaemon", "PupKeeper", "PupCore", "PupSystem", "CLinux"],
      path: "Tests/testbrain", swiftSettings: strict),

    .target(name: "PupTestSupport", dependencies: ["PupSimulation"], path: "Tests/PupTestSupport", swiftSettings: strict),
    .testTarget(name: "PupBasicsTests", dependencies: ["PupBasics", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupCoreTests", dependencies: ["PupBasics", "PupCore", "PupSimulation", "PupTestSupport"], swiftSettings: strict),
    .testTarget(name: "PupWatchTests", dependencies: ["PupWatch", "PupSystem", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupConfigTests", dependencies: ["PupBasics", "PupConfig", "PupCore", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupSystemTests", dependencies: ["PupBasics", "PupSystem", "PupTestSupport", "CLinux"], swiftSettings: strict),
    .testTarget(
      name: "PupInstanceTests", dependencies: ["PupBasics", "PupInstance", "PupSystem", "CLinux", "PupTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FormatTests",
      dependencies: [
        "PupBasics", "PupCore", "PupSystem", "PupInstance", "PupKeeper", "PupLogs", "PupDaemon", "PupTestSupport", "CLinux",
        "CSpawn",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "PupServiceTests", dependencies: ["PupService", "PupInstance", "PupSystem", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupKeeperTests", dependencies: ["PupBasics", "PupKeeper", "PupSystem", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupDaemonTests",
      dependencies: [
        "PupAPI", "PupBasics", "PupConfig", "PupDaemon", "PupCore", "PupInstance", "PupLogs", "PupSystem", "PupTestSupport",
        "CLinux", "CSpawn",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PupCommandLineTests",
      dependencies: [
        "PupBasics", "PupCommandLine", "PupConfig", "PupInstance", "PupLogs", "PupAPI", "PupRestClient", "PupService",
        "PupSystem",
        "CLinux", "PupTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(name: "PupAPITests", dependencies: ["PupAPI"], swiftSettings: strict),
    .testTarget(name: "PupTokensTests", dependencies: ["PupTokens", "PupAPI", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PupWebTests",
      dependencies: ["PupWeb", "PupEvents", "PupTokens", "PupAPI", "PupSystem", "PupRestClient", "PupTestSupport"],
      swiftSettings: strict),
    .testTarget(name: "PupEventsTests", dependencies: ["PupEvents", "PupAPI", "PupTokens"], swiftSettings: strict),
    .testTarget(
      name: "PupStoreTests", dependencies: ["PupStore", "PupCore", "PupSystem", "CLinux", "CSQLite", "PupTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PupRestClientTests",
      dependencies: ["PupRestClient", "PupAPI", "PupWeb", "PupTokens", "PupSystem", "PupTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzCorpusTests",
      dependencies: [
        "PupAPI", "PupConfig", "PupCore", "PupRestClient", "PupSystem", "PupTestSupport", "PupTokens", "PupWeb", "CSpawn",
      ],
      swiftSettings: strict),
    .testTarget(name: "UserModeLinuxTests", dependencies: ["PupSystem", "CLinux", "PupTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "PupBasics", "PupCore", "PupLogs", "PupSystem", "PupInstance", "PupRestClient", "PupAPI", "PupTokens", "CLinux",
        "PupTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PupLogsTests", dependencies: ["PupBasics", "PupLogs", "PupSystem", "CLinux", "PupTestSupport"], swiftSettings: strict
    ),
  ]
)
