import PupConfig
import Testing

struct APISettingTests {
  private static let tls = "{ processes: [{ id: 'a', cmd: 'foo' }], api: { tls: { cert: 'c.pem', key: 'k.pem' } } }"

  private static func machine(keyMode: UInt32 = 0o640) -> StubEnvironment {
    var machine = StubEnvironment()
    machine.entries["/srv/c.pem"] = .file(isWritable: false, program: .notExecutable)
    machine.entries["/srv/k.pem"] = .file(isWritable: false, program: .notExecutable)
    machine.modes["/srv/k.pem"] = keyMode
    return machine
  }

  @Test func readsTheFilesOfTLSRelativeToTheConfiguration() {
    let api = Self.machine().load(Self.tls).configuration?.api
    #expect(api?.tls == TLSConfiguration(certificate: "/srv/c.pem", key: "/srv/k.pem"))
  }

  @Test func refusesAPrivateKeyThatEverybodyCanRead() {
    let report = Self.machine(keyMode: 0o644).load(Self.tls)
    #expect(report.configuration == nil)
    #expect(report.diagnostics.first?.what == "everyone can read this private key (mode 644)")
    #expect(report.diagnostics.first?.fix == "run: chmod 640 /srv/k.pem")
  }

  @Test func tellsAMissingCertificateAndAMissingKey() {
    let report = StubEnvironment().load(Self.tls)
    #expect(report.diagnostics.prefix(2).map(\.keyPath) == ["api.tls.cert", "api.tls.key"])
    #expect(
      StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' }], api: { tls: { cert: 'file' } } }").configuration == nil)
  }

  @Test(arguments: ["panel.example.org", "https://", "https://a.example/", "ftp://a.example", "https://a b"])
  func refusesWhatIsNoOrigin(_ origin: String) {
    #expect(
      StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' }], api: { allowedOrigins: ['\(origin)'] } }").configuration
        == nil)
  }

  @Test func readsHostsAndOrigins() {
    let report = StubEnvironment().load(
      "{ processes: [{ id: 'a', cmd: 'foo' }], api: { allowedHosts: ['pup.example.org'], allowedOrigins: ['https://panel.example.org:8443'] } }"
    )
    #expect(report.configuration?.api.allowedHosts == ["pup.example.org"])
    #expect(report.configuration?.api.allowedOrigins == ["https://panel.example.org:8443"])
  }
}
