internal import PupCore

// How the core's types are stored in columns. The words are part of the file format.

extension Cause {
  var columns: (kind: String, detail: String?) {
    switch self {
    case .consumer(let name): ("consumer", name)
    case .signal(let number): ("signal", String(number))
    case .configuration: ("configuration", nil)
    case .autostart: ("autostart", nil)
    case .cron: ("cron", nil)
    case .terminateCron: ("terminateCron", nil)
    case .watch: ("watch", nil)
    case .restartPolicy: ("restartPolicy", nil)
    case .timeout: ("timeout", nil)
    case .takeOver: ("takeOver", nil)
    case .program: ("program", nil)
    }
  }

  init?(kind: String?, detail: String?) {
    switch kind {
    case "consumer": self = .consumer(detail ?? "")
    case "signal":
      guard let number = detail.flatMap({ Int32($0) }) else { return nil }
      self = .signal(number)
    case "configuration": self = .configuration
    case "autostart": self = .autostart
    case "cron": self = .cron
    case "terminateCron": self = .terminateCron
    case "watch": self = .watch
    case "restartPolicy": self = .restartPolicy
    case "timeout": self = .timeout
    case "takeOver": self = .takeOver
    case "program": self = .program
    default: return nil
    }
  }
}

extension ExitStatus {
  /// The code and no signal, a signal and no code, or neither for an unknown status.
  var columns: (code: Int32?, signal: Int32?, dumpedCore: Bool) {
    switch self {
    case .exited(let code): (code, nil, false)
    case .signaled(let signal, let dumpedCore): (nil, signal, dumpedCore)
    case .unknown: (nil, nil, false)
    }
  }

  init(code: Int32?, signal: Int32?, dumpedCore: Bool) {
    if let code {
      self = .exited(code: code)
    } else if let signal {
      self = .signaled(signal: signal, dumpedCore: dumpedCore)
    } else {
      self = .unknown
    }
  }
}
