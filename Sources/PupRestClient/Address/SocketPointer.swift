internal import Glibc

/// The file that says where a Pup listens if its folder's path is too long for a socket's address.
enum SocketPointer {
  static let name = ".main.sock"

  /// Nil if there is no such file that names a path.
  static func read(beside socket: Substring) -> String? {
    guard let slash = socket.lastIndex(of: "/") else { return nil }
    let descriptor = open("\(socket[..<slash])/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0, bytes[0] == UInt8(ascii: "/") else { return nil }
    // A single path with a line break.
    let path = bytes[..<count]
    return String(validating: path.last == 0x0A ? path.dropLast() : path, as: UTF8.self)
  }
}
