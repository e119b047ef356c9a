internal import CMicroHTTPD
internal import Glibc

/// Whether a request's head stands in libmicrohttpd's buffer as RFC 9112 wants it: one space between the words of the first line, each line
/// ended by CR LF, no NUL, no folded lines. Else a proxy before us may have read another request than we do.
///
/// libmicrohttpd hands out C strings, which end at a NUL from the network, and takes some things for separators that are none. But what it
/// hands out lies in its buffer in the order in which it came, so that the distances tell.
struct RequestLayout {
  private let isLenient = pup_mhd_is_lenient()
  private var hasNUL = false
  private var isBroken = false
  /// Where the next line begins.
  private var next: UnsafeRawPointer
  /// Behind the last value, or the version where there are no headers.
  private var end: UnsafeRawPointer

  /// - Parameter count: of the target, up to its first NUL.
  init(method: UnsafePointer<CChar>, target: UnsafePointer<CChar>, count: Int, version: UnsafePointer<CChar>) {
    let distance = UnsafeRawPointer(version) - UnsafeRawPointer(target)
    hasNUL = distance > 0 && distance < 1 << 20 && distance != count + 1
    isBroken = UnsafeRawPointer(method) + strlen(method) + 1 != UnsafeRawPointer(target) || distance != count + 1
    end = UnsafeRawPointer(version) + strlen(version)
    next = end + 2
  }

  mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    hasNUL = hasNUL || name.contains(0) || value.contains(0)
    guard isLenient, !isBroken else { return }
    guard let start = name.baseAddress, let text = value.baseAddress, start == next, start + name.count < text else {
      isBroken = true
      return
    }
    let colon = start + name.count
    let blanks = UnsafeRawBufferPointer(start: colon + 1, count: text - colon - 1)
    isBroken = !blanks.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    end = text + value.count
    next = end + 2
  }

  var isRegular: Bool {
    guard !hasNUL else { return false }
    guard isLenient else { return true }
    // The CR LF of the last line and of the empty line, as NULs. libmicrohttpd keeps its records of headers behind the head, in the same
    // memory: also behind a head that ends with two line feeds there are bytes to read.
    return !isBroken && UnsafeRawBufferPointer(start: end, count: 4).allSatisfy { $0 == 0 }
  }
}
