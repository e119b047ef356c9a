internal import Glibc
internal import PupInstance
import Testing

@testable import PupService

/// The installer, with tools of the shell in the place of a service manager's.
@Suite struct InstallationTests {
  private let content = "\(ServiceFile.marker), and so on\n# data: /nowhere/data\n# temporary: /nowhere/tmp\nfirst\n"

  private func plan(_ folder: String, enable: [[String]] = [], check: [String] = ["true"]) -> ServicePlan {
    ServicePlan(
      manager: .systemd, scope: .system, unit: "app.service",
      files: [
        ServiceFile(folder + "/units/app.service", content), ServiceFile(folder + "/units/deep/run", content, isExecutable: true),
      ],
      links: [ServicePlan.Link(path: folder + "/link", target: folder + "/units/deep")],
      foreignPlaces: [folder + "/lib/app.service"], enable: enable.map { ServiceStep($0) }, check: ServiceStep(check),
      diagnose: [ServiceStep(["echo", "the", "reason"])],
      disable: [ServiceStep(["touch", folder + "/disabled"], isRequired: false)],
      forget: [ServiceStep(["touch", folder + "/forgotten"], isRequired: false)], hints: [])
  }

  private func names(_ folder: String) -> [String] {
    shell("sh", "-c", "cd \"$0\" && find . -mindepth 1 | sort", folder).output.split(separator: "\n").map(String.init)
  }

  @Test func installsAndRemoves() throws {
    try withFolder { folder in
      let mask = umask(0o077)
      defer { umask(mask) }
      let plan = plan(folder, enable: [["touch", folder + "/enabled"]])
      let result = try ServiceInstaller(plan).install()
      #expect(!result.wasInstalled && result.hasChanged)
      #expect(names(folder) == ["./enabled", "./link", "./units", "./units/app.service", "./units/deep", "./units/deep/run"])
      #expect(shell("stat", "-c", "%a", folder + "/units/app.service", folder + "/units/deep/run").output == "644\n755\n")
      let again = try ServiceInstaller(plan).install()
      #expect(again.wasInstalled && !again.hasChanged)

      #expect(try ServiceRemoval(plan).paths()?.data == "/nowhere/data")
      _ = try ServiceRemoval(plan).remove()
      #expect(names(folder) == ["./disabled", "./enabled", "./forgotten", "./units", "./units/deep"])
      #expect(throws: InstanceError.self) { try ServiceRemoval(plan).remove() }
    }
  }

  /// What `--dry-run` prints is run by somebody: it is refused as the installation is.
  @Test func whatIsSomebodyElsesIsNoticedBefore() throws {
    try withFolder { folder in
      let plan = plan(folder)
      try ServiceInstaller(plan).refuseForeign()
      #expect(names(folder) == [], "nothing is made")
      #expect(shell("sh", "-c", "mkdir \"$0/units\" && echo theirs >\"$0/units/app.service\"", folder).code == 0)
      let error = #expect(throws: InstanceError.self) { try ServiceInstaller(plan).refuseForeign() }
      #expect(error?.message.contains("was not written by Pup") == true && error?.kind == .configuration)
    }
  }

  @Test func whatAnotherUserMayDo() throws {
    let nobody = try #require(UserAccess(name: "nobody"))
    let root = try #require(UserAccess(name: "root"))
    #expect(UserAccess(name: "no-such-user") == nil)
    try withFolder { folder in
      chmod(folder, 0o755)
      #expect(root.canWrite(in: folder) && !nobody.canWrite(in: folder))
      try write("{}", to: folder + "/pup.json")
      chmod(folder + "/pup.json", 0o644)
      #expect(nobody.canRead(folder + "/pup.json"))
      chmod(folder + "/pup.json", 0o600)
      #expect(!nobody.canRead(folder + "/pup.json") || geteuid() == getpwnam("nobody").pointee.pw_uid)
      chmod(folder, 0o777)
      #expect(nobody.canWrite(in: folder))
      chmod(folder, 0o700)
      #expect(
        UserAccess.nearestFolder(to: folder + "/a/b") == folder && UserAccess.nearestFolder(to: folder + "/pup.json/x") == folder)
    }
  }

  /// What somebody gives with --env may be a secret.
  @Test(arguments: ServiceManagerKind.allCases)
  func variablesAreNotForEverybody(manager: ServiceManagerKind) throws {
    var definition = try makeDefinition(variables: [ServiceVariable(name: "KEY", value: "secret")])
    definition.hasOwnVariables = true
    let plan = ServicePlan.make(definition, for: manager, in: ServiceSurroundings())
    if manager == .systemd {
      #expect(plan.files.map(\.mode) == [0o644], "it would complain, and tells them to everybody anyway")
      return
    }
    #expect(plan.files.allSatisfy { $0.mode & 0o077 == 0 })
    try withFolder { folder in
      var file = plan.files[0]
      file.path = folder + "/file"
      try ServiceInstaller.replace(file)
      #expect(shell("stat", "-c", "%a", file.path).output == (file.isExecutable ? "700\n" : "600\n"))
    }
  }

  @Test func takesBackWhenAStepFails() throws {
    try withFolder { folder in
      let plan = plan(folder, enable: [["sh", "-c", "echo no way; exit 3"]])
      let error = #expect(throws: InstanceError.self) { try ServiceInstaller(plan).install() }
      #expect(error?.kind == .system)
      for word in ["exit code 3", "no way", "the reason", "has been removed again"] {
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
      }
      #expect(names(folder) == ["./disabled", "./forgotten"])
    }
  }

  @Test func takesBackWhatDoesNotRun() throws {
    try withFolder { folder in
      let error = #expect(throws: InstanceError.self) {
        try ServiceInstaller(plan(folder, check: ["false"]), patienceSeconds: 0).install()
      }
      #expect(error?.message.contains("was started but is not running") == true)
      #expect(names(folder) == ["./disabled", "./forgotten"])
    }
  }

  /// An update that fails leaves the service as it was, and running.
  @Test func restoresTheOldOne() throws {
    try withFolder { folder in
      _ = try ServiceInstaller(plan(folder)).install()
      var update = plan(folder, enable: [["false"]])
      let old = update.files[0].content
      update.files[0].content += "second\n"
      let error = #expect(throws: InstanceError.self) { try ServiceInstaller(update).install() }
      #expect(error?.message.contains("as it was before") == true)
      #expect(text(update.files[0].path) == old)
      #expect(!names(folder).contains("./disabled"))
    }
  }

  @Test func leavesOthersAlone() throws {
    for place in ["units/app.service", "units/deep/run", "lib/app.service", "link"] {
      try withFolder { folder in
        try #require(shell("mkdir", "-p", folder + "/units/deep", folder + "/lib").code == 0)
        try write("somebody else's\n", to: "\(folder)/\(place)")
        let before = names(folder)
        let error = #expect(throws: InstanceError.self) { try ServiceInstaller(plan(folder)).install() }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains("--name") == true)
        #expect(names(folder) == before && text("\(folder)/\(place)") == "somebody else's\n")
      }
    }
    // A link where a file would be: somebody has masked it.
    try withFolder { folder in
      try #require(mkdir(folder + "/units", 0o755) == 0 && symlink("/dev/null", folder + "/units/app.service") == 0)
      #expect(throws: InstanceError.self) { try ServiceInstaller(plan(folder)).install() }
    }
  }

  /// What is shown to a person does the same.
  @Test func theManualStepsInstall() throws {
    try withFolder { folder in
      let plan = plan(folder, enable: [["touch", folder + "/enabled now"]])
      try write(ManualSteps.installation(plan), to: folder + "/steps")
      #expect(shell("sh", "-e", folder + "/steps").code == 0)
      #expect(names(folder).contains("./enabled now"))
      for file in plan.files { #expect(text(file.path) == file.content) }
      let result = try ServiceInstaller(plan).install()
      #expect(result.wasInstalled && !result.hasChanged)
      try write(ManualSteps.removal(plan), to: folder + "/steps")
      #expect(shell("sh", "-e", folder + "/steps").code == 0)
      #expect(!names(folder).contains("./units/app.service") && !names(folder).contains("./link"))
    }
  }

  @Test func commandsAreBounded() {
    let slow = ServiceCommand.run(["sleep", "60"], seconds: 1)
    #expect(slow.ending == .timedOut)
    #expect(ServiceCommand.run(["/nonexistent"], seconds: 1).ending == .failedToStart(ENOENT))
    let loud = ServiceCommand.run(["sh", "-c", "yes | head -c 1000000; exit 4"], seconds: 20)
    #expect(loud.ending == .exited(4) && loud.output.utf8.count == 64 * 1024)
    #expect(ServiceCommand.run(["sh", "-c", "kill -9 $$"], seconds: 5).ending == .signaled(SIGKILL))
    // A child that keeps the output open does not hold it up.
    #expect(ServiceCommand.run(["sh", "-c", "sleep 3 & echo out"], seconds: 2).output == "out\n")
  }
}
