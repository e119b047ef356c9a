internal import PupInstance
import Testing

@testable import PupService

@Suite struct ServiceNameTests {
  @Test(arguments: ["pup", "a", "web-1", "app@eu", "x.y_z", "0"])
  func accepted(name: String) throws {
    #expect(try ServiceName(name).text == name)
    #expect(try ServiceName(name + ".service").text == name)
  }

  @Test(arguments: [
    "", ".", "..", "-x", "@x", "_x", "x@", "a/b", "../x", "a b", "é", ".service", "a\n", "x;y", String(repeating: "a", count: 65),
  ])
  func refused(name: String) { #expect(throws: InstanceError.self) { try ServiceName(name) } }

  @Test func variables() {
    #expect(ServiceVariable(parsing: "A_1=b=c") == ServiceVariable(name: "A_1", value: "b=c"))
    #expect(ServiceVariable(parsing: "A=") == ServiceVariable(name: "A", value: ""))
    for text in ["A", "=b", "1A=b", "A B=c", "é=x", ""] { #expect(ServiceVariable(parsing: text) == nil) }
  }

  @Test func pathsWithControlCharactersAreRefused() throws {
    #expect(throws: InstanceError.self) { try makeDefinition(directory: "/srv/a\nb").validate(for: .runit) }
    try makeDefinition(directory: "/srv/a 'b'").validate(for: .systemd)
    #expect(throws: InstanceError.self) { try makeDefinition(program: "/opt/it's/pup").validate(for: .systemd) }
    try makeDefinition(program: "/opt/it's/pup").validate(for: .runit)
  }
}
