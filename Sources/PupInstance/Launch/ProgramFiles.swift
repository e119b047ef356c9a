internal import CLinux
internal import Glibc
internal import PupBasics
package import PupSystem

/// The executables that belong together, found next to the running one (`bin/pup` looks in `bin` and in `libexec/pup`).
package struct ProgramFiles: Sendable {
  package var directory: String
  package var keeper: Descriptor
  package var brain: Descriptor
  package var initProcess: Descriptor

  package static func open() throws(InstanceError) -> ProgramFiles {
    let own = ownDirectory()
    // PUP_LIBEXEC is for packagers (and tests) that put them elsewhere.
    let named = getenv("PUP_LIBEXEC").map { [String(cString: $0)] } ?? []
    let places = named + [own, own + "/../libexec/pup"]
    guard let directory = places.first(where: { access($0 + "/pup-keeper", X_OK) == 0 }) else {
      throw InstanceError(
        .system,
        "pup-keeper was not found in \(places.joined(separator: " or ")); build with 'make build' or install with 'make install'")
    }
    return ProgramFiles(
      directory: directory, keeper: try file(directory, KeeperArguments.program),
      brain: try file(directory, SupervisorArguments.program),
      initProcess: try file(directory, "pup-init"))
  }

  private static func file(_ directory: String, _ name: String) throws(InstanceError) -> Descriptor {
    let path = "\(directory)/\(name)"
    let number = pup_open(path, O_RDONLY, 0)
    let file = Descriptor(number)
    guard file.isOpen, access(path, X_OK) == 0 else {
      let reason = String(cString: pup_error_text(number < 0 ? -number : errno))
      throw InstanceError(.system, "\(path): \(reason); build with 'make build' or install with 'make install'")
    }
    return file
  }

  private static func ownDirectory() -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBufferPointer { pointer in
      pointer.baseAddress.map { readlink("/proc/self/exe", $0, pointer.count) } ?? -1
    }
    let path = count > 0 ? String(decoding: buffer[0..<count], as: UTF8.self) : CommandLine.arguments[0]
    return PathText.start(of: path) ?? "."
  }
}
