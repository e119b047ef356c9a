internal import Glibc

/// `--grep`: a POSIX extended regular expression over the bytes of a line.
final class LogPattern {
  private var compiled = regex_t()

  init(_ pattern: String, ignoresCase: Bool) throws(UsageError) {
    // Characters rather than bytes: "." is one, also beyond ASCII. Bytes that are not UTF-8 are matched by nothing but
    // themselves.
    if setlocale(LC_CTYPE, "C.UTF-8") == nil { setlocale(LC_CTYPE, "") }
    let code = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB | (ignoresCase ? REG_ICASE : 0))
    guard code == 0 else {
      var text = [CChar](repeating: 0, count: 128)
      regerror(code, &compiled, &text, text.count)
      let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw UsageError(
        message:
          "--grep '\(pattern)': \(reason); a POSIX extended regular expression is needed, in which \\ before a character takes it literally"
      )
    }
  }

  deinit { regfree(&compiled) }

  func matches(_ text: [UInt8]) -> Bool {
    text.withUnsafeBytes { bytes in
      // REG_STARTEND: the end is told, so a NUL in the text is a byte like others.
      var span = regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: bytes.count))
      guard let base = bytes.baseAddress else { return regexec(&compiled, "", 1, &span, REG_STARTEND) == 0 }
      return regexec(&compiled, base.assumingMemoryBound(to: CChar.self), 1, &span, REG_STARTEND) == 0
    }
  }
}
