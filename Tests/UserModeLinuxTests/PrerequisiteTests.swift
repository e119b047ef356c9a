internal import Glibc
internal import PupSystem
internal import Testing

/// Elsewhere the tests in a kernel of their own are skipped where something is missing, and say so. On Debian 12, for which all
/// of it is packaged, nobody may lose them unnoticed.
@Suite struct PrerequisiteTests {
  private static let isDebian12: Bool = {
    let text = ProcFiles.read("/etc/os-release").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let lines = text.split(separator: "\n")
    var name = utsname()
    uname(&name)
    let machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return lines.contains("ID=debian") && lines.contains("VERSION_ID=\"12\"") && machine == "x86_64"
  }()

  @Test(.enabled("only Debian 12 on amd64 promises it") { isDebian12 })
  func areAllThereOnDebian12() {
    #expect(access(UserModeLinux.path, X_OK) == 0, "\(UserModeLinux.path) is missing; apt-get install user-mode-linux")
    #expect(Systemd.missingPackages.isEmpty, "apt-get install \(Systemd.missingPackages.joined(separator: " "))")
  }
}
