extension LineLevel {
  /// The words, letters and numbers that stand for levels.
  enum Word {
    /// "information"
    static let longest = 11

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether this byte before or after a word would make it part of a longer one.
    static func joins(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }

    static func isCapital(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
      text[0] & 0x20 == 0 && text[length - 1] & 0x20 == 0
    }

    struct Level {
      let severity: LogSeverity
      /// In capitals it means nothing else, wherever it appears.
      let isPlain: Bool
    }

    /// The letters as one number, in lower case, so that words are compared at once.
    static func number(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
      var number: UInt64 = 0
      for at in 0..<min(length, 8) { number = number << 8 | UInt64(text[at] | 0x20) }
      return number
    }

    static func level(_ text: UnsafePointer<UInt8>, _ length: Int) -> Level? {
      guard length > 2, length <= longest else { return nil }
      let word = number(text, length)
      switch length {
      case 3:
        switch word {
        case inf: return Level(severity: .info, isPlain: true)
        case wrn: return Level(severity: .warn, isPlain: true)
        case err, ftl: return Level(severity: .error, isPlain: true)
        case dbg, trc, vrb: return Level(severity: .log, isPlain: true)
        case log: return Level(severity: .log, isPlain: false)
        default: return nil
        }
      case 4:
        switch word {
        case info: return Level(severity: .info, isPlain: true)
        case warn: return Level(severity: .warn, isPlain: true)
        case crit: return Level(severity: .error, isPlain: true)
        case note: return Level(severity: .info, isPlain: false)
        default: return nil
        }
      case 5:
        switch word {
        case error, fatal: return Level(severity: .error, isPlain: true)
        case debug, trace: return Level(severity: .log, isPlain: true)
        case panic, alert, emerg: return Level(severity: .error, isPlain: false)
        default: return nil
        }
      case 6:
        switch word {
        case notice: return Level(severity: .info, isPlain: false)
        case severe: return Level(severity: .error, isPlain: false)
        default: return nil
        }
      case 7:
        switch word {
        case warning: return Level(severity: .warn, isPlain: true)
        case verbose: return Level(severity: .log, isPlain: false)
        case success: return Level(severity: .info, isPlain: false)
        default: return nil
        }
      case 8: return word == critical ? Level(severity: .error, isPlain: true) : nil
      case 9: return word == emergency ? Level(severity: .error, isPlain: false) : nil
      default: return length == longest && word == information ? Level(severity: .info, isPlain: false) : nil
      }
    }

    static func severity(ofLetter letter: UInt8) -> LogSeverity? {
      switch letter {
      case UInt8(ascii: "I"): .info
      case UInt8(ascii: "W"): .warn
      case UInt8(ascii: "E"), UInt8(ascii: "F"), UInt8(ascii: "C"): .error
      case UInt8(ascii: "D"), UInt8(ascii: "A"): .log
      default: nil
      }
    }

    /// 0 is an emergency, 7 is for debugging.
    static func severity(ofSyslog number: Int) -> LogSeverity {
      switch number {
      case ...3: .error
      case 4: .warn
      case 5...6: .info
      default: .log
      }
    }

    /// As pino and bunyan count: 30 is info, 40 a warning, 50 an error. Below 10 it is syslog's.
    static func severity(ofNumber number: Int) -> LogSeverity {
      switch number {
      case ..<10: severity(ofSyslog: number)
      case ..<30: .log
      case ..<40: .info
      case ..<50: .warn
      default: .error
      }
    }

    // MARK: - The results of `number`, spelled out so that nothing is computed at run time

    private static let inf: UInt64 = 0x0000_0000_0069_6E66
    private static let wrn: UInt64 = 0x0000_0000_0077_726E
    private static let err: UInt64 = 0x0000_0000_0065_7272
    private static let ftl: UInt64 = 0x0000_0000_0066_746C
    private static let dbg: UInt64 = 0x0000_0000_0064_6267
    private static let trc: UInt64 = 0x0000_0000_0074_7263
    private static let vrb: UInt64 = 0x0000_0000_0076_7262
    private static let log: UInt64 = 0x0000_0000_006C_6F67
    static let lvl: UInt64 = 0x0000_0000_006C_766C
    private static let info: UInt64 = 0x0000_0000_696E_666F
    private static let warn: UInt64 = 0x0000_0000_7761_726E
    private static let crit: UInt64 = 0x0000_0000_6372_6974
    private static let note: UInt64 = 0x0000_0000_6E6F_7465
    private static let error: UInt64 = 0x0000_0065_7272_6F72
    private static let fatal: UInt64 = 0x0000_0066_6174_616C
    private static let debug: UInt64 = 0x0000_0064_6562_7567
    private static let trace: UInt64 = 0x0000_0074_7261_6365
    private static let panic: UInt64 = 0x0000_0070_616E_6963
    private static let alert: UInt64 = 0x0000_0061_6C65_7274
    private static let emerg: UInt64 = 0x0000_0065_6D65_7267
    static let levelKey: UInt64 = 0x0000_006C_6576_656C
    private static let notice: UInt64 = 0x0000_6E6F_7469_6365
    private static let severe: UInt64 = 0x0000_7365_7665_7265
    private static let warning: UInt64 = 0x0077_6172_6E69_6E67
    private static let verbose: UInt64 = 0x0076_6572_626F_7365
    private static let success: UInt64 = 0x0073_7563_6365_7373
    private static let critical: UInt64 = 0x6372_6974_6963_616C
    private static let emergency: UInt64 = 0x656D_6572_6765_6E63
    private static let information: UInt64 = 0x696E_666F_726D_6174
    static let keySeverity: UInt64 = 0x7365_7665_7269_7479
    static let logLevel: UInt64 = 0x6C6F_676C_6576_656C
    static let levelName: UInt64 = 0x6C65_7665_6C6E_616D
    static let dottedLevel: UInt64 = 0x6C6F_672E_6C65_7665
  }
}
