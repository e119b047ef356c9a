import Glibc

/// A whole file; empty when there is none.
func contents(_ path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return [] }
  defer { close(descriptor) }
  var all: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &block, block.count)
    guard count > 0 else { return all }
    all += block[..<count]
  }
}

func text(_ path: String) -> String { String(decoding: contents(path), as: UTF8.self) }

func put(_ bytes: [UInt8], to path: String, append: Bool = false) {
  let descriptor = open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0o644)
  writeAll(descriptor, bytes)
  close(descriptor)
}

func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
  var done = 0
  bytes.withUnsafeBytes { buffer in
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      guard count > 0 else { return }
      done += count
    }
  }
}

func names(in folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}
