internal import Glibc
internal import Testing

extension Integration {
  /// `scripts/setup.sh` on machines that lack something; their programs are stubs, and nothing is installed.
  @Suite(.enabled(if: Checkout.isReadable, Checkout.unreadable)) struct SetupScriptTests {
    /// - Parameter stubs: programs by name, as text for sh.
    private func setUp(_ pup: Pup, _ stubs: [String: String]) throws -> (ending: Child.Ending?, text: String) {
      let folder = pup.path("stubs")
      try Files.makeFolder(folder)
      // A Debian where everything is there, unless a test says otherwise.
      let debian = [
        "ldd": "echo 'libc.so.6 => /lib/libc.so.6 (0x0)'", "dpkg-query": "printf installed",
        "apt-cache": "exit 0", "id": "echo 0", "apt-get": "echo \"apt-get $*\" >>\"\(pup.path("installed"))\"",
      ]
      for (name, body) in debian.merging(stubs, uniquingKeysWith: { $1 }) {
        try Files.write("#!/bin/sh\n\(body)\n", to: "\(folder)/\(name)", mode: 0o755)
      }
      pup.environment = ["PATH": "\(folder):/usr/bin:/bin"]
      let child = try pup.background(program: ["sh", Checkout.path("scripts/setup.sh")], output: "setup")
      let ending = child.wait(seconds: 20)
      return (ending, (Files.text(pup.path("setup")) ?? "") + (Files.text(pup.path("setup.err")) ?? ""))
    }

    /// Apart from updates of the lists, which a new machine needs before anything.
    private func installed(_ pup: Pup) -> [String] { Files.lines(pup.path("installed")).filter { $0.contains(" install ") } }

    private static let goodSwift = "echo 'Swift version 6.2.1 (swift-6.2.1-RELEASE)'"

    @Test("where everything is there, nothing is said and nothing installed") func complete() throws {
      try Pup.test { pup in
        let result = try setUp(pup, ["swift": Self.goodSwift])
        #expect(result.ending == .exited(0))
        #expect(result.text == "")
        #expect(installed(pup) == [])
      }
    }

    @Test("names the libraries without which swift cannot start, and installs their packages") func libraries() throws {
      try Pup.test { pup in
        // As on a Debian that has just been made: the loader ends swift before it can say its version.
        let swift = "test -e '\(pup.path("installed"))' || { echo 'swift: error while loading shared libraries' >&2; exit 127; }"
        let ldd = "printf '\\tlibxml2.so.2 => not found\\n\\tlibncurses.so.6 => not found\\n\\tlibcurl.so.4 => not found\\n'"
        // As on an Ubuntu 24.04, libcurl4 has another name.
        let cache = "test \"$2\" = libcurl4 || echo \"Package: $2\""
        let result = try setUp(pup, ["swift": "\(swift)\n\(Self.goodSwift)", "ldd": ldd, "apt-cache": cache])
        #expect(result.ending == .exited(0), "\(result.text)")
        #expect(result.text.contains("swift cannot start without libcurl.so.4 libncurses.so.6 libxml2.so.2\n"))
        #expect(installed(pup) == ["apt-get install -y -qq --no-install-recommends libcurl4t64 libncurses6 libxml2"])
      }
    }

    @Test(
      "a toolchain that cannot be used is refused with the reason",
      arguments: [
        ("echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'", "Pup needs Swift 6.2 or later"),
        ("echo 'Swift version 6.1 (swift-6.1-RELEASE)'", "Pup needs Swift 6.2 or later"),
        ("echo 'openstack swift 4.0'", "openstack swift 4.0"),
        ("echo \"version 'GLIBC_2.38' not found\" >&2; exit 1", "GLIBC_2.38"),
      ])
    func refused(swift: String, reason: String) throws {
      try Pup.test { pup in
        let result = try setUp(pup, ["swift": swift])
        #expect(result.ending == .exited(1))
        #expect(result.text.contains(reason), "\(result.text)")
        #expect(installed(pup) == [])
      }
    }

    @Test("a library that no package is known for is named") func unknownLibrary() throws {
      try Pup.test { pup in
        let result = try setUp(pup, ["swift": Self.goodSwift, "ldd": "printf '\\tlibstrange.so.9 => not found\\n'"])
        #expect(result.ending == .exited(1))
        #expect(result.text.contains("no Debian package is known for libstrange.so.9"))
        #expect(installed(pup) == [])
      }
    }
  }
}
