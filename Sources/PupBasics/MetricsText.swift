/// Builds Prometheus text format 0.0.4.
package struct MetricsText {
  package private(set) var text = ""

  package init() {}

  package mutating func gauge(_ name: String, _ help: String, _ samples: (inout Metric) -> Void) {
    add("gauge", name, help, samples)
  }
  package mutating func counter(_ name: String, _ help: String, _ samples: (inout Metric) -> Void) {
    add("counter", name, help, samples)
  }
  package mutating func histogram(_ name: String, _ help: String, _ samples: (inout Metric) -> Void) {
    add("histogram", name, help, samples)
  }

  private mutating func add(_ type: String, _ name: String, _ help: String, _ samples: (inout Metric) -> Void) {
    var metric = Metric(name: name)
    samples(&metric)
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(metric.text)"
  }

  /// The samples of one metric.
  package struct Metric {
    let name: String
    fileprivate var text = ""

    fileprivate init(name: String) { self.name = name }

    /// - Parameters:
    ///   - labels: names need no escaping; values are escaped.
    ///   - part: for a histogram: "_bucket", "_sum" or "_count".
    package mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: Double, part: String = "") {
      text += name + part
      if !labels.isEmpty {
        text += "{" + labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
      }
      text += " \(Int64(exactly: value).map(String.init) ?? String(value))\n"
    }

    private static func escaped(_ value: String) -> String {
      value.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar {
        case "\\": result += "\\\\"
        case "\"": result += "\\\""
        case "\n": result += "\\n"
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
  }
}
