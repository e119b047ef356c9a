internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// Small files of a test's folder.
enum Files {
  static func bytes(_ path: String) -> [UInt8]? { ProcFiles.read(path) }

  static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

  /// Without the last, empty one.
  static func lines(_ path: String) -> [String] { (text(path) ?? "").split(separator: "\n").map(String.init) }

  static func number(_ path: String) -> Int32? { lines(path).first.flatMap { Int32($0) } }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func write(_ text: String, to path: String, mode: mode_t = 0o644, appending: Bool = false) throws {
    try write(Array(text.utf8), to: path, mode: mode, appending: appending)
  }

  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644, appending: Bool = false) throws {
    let descriptor = pup_open(path, O_WRONLY | O_CREAT | (appending ? O_APPEND : O_TRUNC), mode)
    guard descriptor >= 0 else { throw Failure("open \(path): \(String(cString: pup_error_text(-descriptor)))") }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure("write \(path): \(String(cString: pup_error_text(errno)))") }
      done += count
    }
  }

  /// Until its file system is full to the last byte.
  static func fill(_ path: String) throws {
    var size = 1 << 16
    while size > 0 {
      do { try write([UInt8](repeating: 0, count: size), to: path, appending: true) } catch { size /= 2 }
    }
  }

  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws {
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw Failure("mkdir \(path): errno \(errno)") }
  }

  /// Replaces what is there.
  static func link(_ path: String, to target: String) throws {
    unlink(path)
    guard symlink(target, path) == 0 else { throw Failure("symlink \(path): errno \(errno)") }
  }

  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// Waits until `isDone`, which is asked after every change in the folder.
  static func wait(_ folder: String, for what: String, seconds: Double = 10, _ isDone: () -> Bool) throws {
    let inotify = pup_inotify_create()
    guard inotify >= 0 else { throw Failure("inotify_init1: \(inotify)") }
    defer { close(inotify) }
    let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_MODIFY | IN_DELETE | IN_MOVED_FROM)
    guard pup_inotify_add(inotify, folder, events) >= 0 else { throw Failure("inotify_add_watch \(folder)") }
    let deadline = Deadline(seconds: seconds)
    while !isDone() {
      var ready = pollfd(fd: inotify, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, deadline.milliseconds) > 0 else {
        throw Failure("awaited \(what) in \(folder) for \(seconds) s in vain")
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      _ = read(inotify, &buffer, buffer.count)
    }
  }
}
