import Glibc

enum Memory {
  /// Takes memory and writes to every page of it; kept until the process ends.
  static func use(megabytes: Int) throws(Failure) {
    let length = megabytes << 20
    let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { throw .system("mmap") }
    for offset in stride(from: 0, to: length, by: 4096) { memory.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self) }
  }
}
