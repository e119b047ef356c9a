internal import Glibc
internal import Testing

extension Integration {
  /// `scripts/install.sh`, which is `make install` and `make uninstall`.
  @Suite(.enabled(if: Checkout.isReadable, Checkout.unreadable)) struct MakeInstallTests {
    /// As root has it after `sudo`: no toolchain.
    private static let plainPath = "/usr/sbin:/usr/bin:/sbin:/bin"

    private struct Result {
      var ending: Child.Ending?
      var output: String
      var complaint: String
    }

    private func script(_ pup: Pup, _ action: String, build: String, prefix: String, below stage: String = "") throws -> Result {
      pup.environment = ["PATH": Self.plainPath, "BUILD": build, "PREFIX": prefix, "DESTDIR": stage]
      for file in ["install", "install.err"] { unlink(pup.path(file)) }
      let child = try pup.background(program: ["sh", Checkout.path("scripts/install.sh"), action], output: "install")
      let ending = child.wait(seconds: 20)
      return Result(
        ending: ending, output: Files.text(pup.path("install")) ?? "", complaint: Files.text(pup.path("install.err")) ?? "")
    }

    /// A build folder with what `make build` leaves in it, but small.
    private func build(_ pup: Pup, pages: [String]) throws -> String {
      let build = pup.path("build")
      for folder in [build, "\(build)/share", "\(build)/share/man", "\(build)/share/man/man1"] { try Files.makeFolder(folder) }
      for name in ["pup", "pup-supervisor", "pup-keeper", "pup-init"] { try Files.write("#!/bin/sh\n", to: "\(build)/\(name)") }
      for name in Files.names(in: "\(build)/share/man/man1") { Files.remove("\(build)/share/man/man1/\(name)") }
      for page in pages { try Files.write(page, to: "\(build)/share/man/man1/\(page)") }
      return build
    }

    /// Everything below a folder, by its path there.
    private func tree(_ folder: String, _ below: String = "") -> [String] {
      Files.names(in: "\(folder)/\(below)").flatMap { name -> [String] in
        let path = below.isEmpty ? name : "\(below)/\(name)"
        return [path] + tree(folder, path)
      }
    }

    @Test("installs twice, and removes exactly what it has made") func uninstall() throws {
      try Pup.test { pup in
        let prefix = pup.path("prefix")
        // What was there before, and what comes later, is somebody else's.
        try Files.makeFolder(prefix)
        try Files.makeFolder("\(prefix)/bin")
        try Files.write("", to: "\(prefix)/bin/other")
        let build = try build(pup, pages: ["pup.1", "pup-old.1"])
        for _ in 1...2 {
          let result = try script(pup, "install", build: build, prefix: prefix)
          #expect(result.ending == .exited(0), "\(result.complaint)")
        }
        #expect(access("\(prefix)/bin/pup", X_OK) == 0)
        #expect(access("\(prefix)/libexec/pup/pup-keeper", X_OK) == 0)
        #expect(Files.exists("\(prefix)/share/man/man1/pup-old.1"))

        // A page that the next version does not have goes with its installation.
        _ = try self.build(pup, pages: ["pup.1"])
        #expect(try script(pup, "install", build: build, prefix: prefix).ending == .exited(0))
        #expect(!Files.exists("\(prefix)/share/man/man1/pup-old.1"))

        try Files.write("", to: "\(prefix)/share/man/man1/stranger.1")
        #expect(try script(pup, "uninstall", build: build, prefix: prefix).ending == .exited(0))
        #expect(
          tree(prefix) == ["bin", "bin/other", "share", "share/man", "share/man/man1", "share/man/man1/stranger.1"])
      }
    }

    @Test("DESTDIR is a place to pack from") func staging() throws {
      try Pup.test { pup in
        let build = try build(pup, pages: ["pup.1"])
        let stage = pup.path("stage")
        #expect(try script(pup, "install", build: build, prefix: "/usr", below: stage).ending == .exited(0))
        #expect(Files.exists("\(stage)/usr/bin/pup"))
        #expect(!(Files.text("\(stage)/usr/share/pup/installed") ?? stage).contains(stage))
        #expect(try script(pup, "uninstall", build: build, prefix: "/usr", below: stage).ending == .exited(0))
        #expect(tree(stage) == [])
      }
    }

    @Test("without a build it says what to do, and touches nothing") func nothingBuilt() throws {
      try Pup.test { pup in
        let build = try build(pup, pages: ["pup.1"])
        unlink("\(build)/pup-init")
        let result = try script(pup, "install", build: build, prefix: pup.path("prefix"))
        #expect(result.ending == .exited(1))
        #expect(result.complaint == "install: \(build)/pup-init is not built; run 'make build' first\n")
        #expect(!Files.exists(pup.path("prefix")))
        let removal = try script(pup, "uninstall", build: build, prefix: pup.path("prefix"))
        #expect(removal.ending == .exited(1))
        #expect(removal.complaint.contains("nothing that 'make install' put there"))
      }
    }
  }
}
