/// Builds Prometheus text format 0.0.4.
struct MetricsText {
  private(set) var text = ""

  mutating func gauge(_ name: String, _ help: String, _ samples: (inout Metric) -> Void) { add("gauge", name, help, samples) }
  mutating func counter(_ name: String, _ help: String, _ samples: (inout Metric) -> Void) { add("counter", name, help, samples) }

  private mutating func add(_ type: String, _ name: String, _ help: String, _ samples: (inout Metric) -> Void) {
    var metric = Metric(name: name)
    samples(&metric)
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(metric.text)"
  }

  /// The samples of one metric.
  struct Metric {
    let name: String
    fileprivate var text = ""

    fileprivate init(name: String) { self.name = name }

    /// - Parameter labels: names need no escapes; values get them.
    mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: Double) {
      text += name
      if !labels.isEmpty {
        text += "{" + labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
      }
      text += " \(Int64(exactly: value).map(String.init) ?? String(value))\n"
    }

    private static func escaped(_ value: String) -> String {
      value.reduce(into: "") { result, character in
        switch character {
        case "\\": result += "\\\\"
        case "\"": result += "\\\""
        case "\n": result += "\\n"
        default: result.append(character)
        }
      }
    }
  }
}
