internal import CLinux
internal import Glibc

/// Whether an executable file is as long as it says. What is missing would be noticed (SIGBUS) only when that part of the code is
/// needed.
enum ElfExtent {
  /// True also for what is no ELF file of this machine's kind: executing it tells.
  static func isWhole(_ descriptor: Int32) -> Bool {
    var identity = pup_file_identity()
    var header = Elf64_Ehdr()
    guard pup_identity(descriptor, &identity) == 0 else { return true }
    let size = UInt64(clamping: identity.size)
    guard readAll(descriptor, 0, &header), header.e_ident.0 == 0x7F, header.e_ident.1 == UInt8(ascii: "E"),
      header.e_ident.2 == UInt8(ascii: "L"), header.e_ident.3 == UInt8(ascii: "F"), header.e_ident.4 == 2,
      Int(header.e_phentsize) == MemoryLayout<Elf64_Phdr>.size
    else { return true }
    // The table of sections comes last, so that it shows a cut also where all code is still there.
    let sections = header.e_shoff.addingReportingOverflow(UInt64(header.e_shnum) * UInt64(header.e_shentsize))
    if sections.overflow || sections.partialValue > size { return false }
    for index in 0..<UInt64(header.e_phnum) {
      var part = Elf64_Phdr()
      let place = header.e_phoff.addingReportingOverflow(index * UInt64(MemoryLayout<Elf64_Phdr>.size))
      guard !place.overflow, place.partialValue < size, readAll(descriptor, place.partialValue, &part) else { return false }
      guard part.p_type == 1 else { continue }  // PT_LOAD
      let end = part.p_offset.addingReportingOverflow(part.p_filesz)
      if end.overflow || end.partialValue > size { return false }
    }
    return true
  }

  private static func readAll<Value>(_ descriptor: Int32, _ offset: UInt64, _ value: inout Value) -> Bool {
    withUnsafeMutableBytes(of: &value) { bytes in
      pread(descriptor, bytes.baseAddress, bytes.count, off_t(clamping: offset)) == bytes.count
    }
  }
}
