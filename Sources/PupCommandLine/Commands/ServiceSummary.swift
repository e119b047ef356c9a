internal import PupService

/// What `--json` prints: one object on one line.
enum ServiceSummary {
  static func json(_ plan: ServicePlan, steps: [ServiceStep], isDryRun: Bool, done: String) -> String {
    let fields = [
      "\"service\":\(quote(plan.unit))", "\"manager\":\(quote(plan.manager.rawValue))",
      "\"scope\":\(quote(plan.scope.rawValue))", "\"files\":\(list(plan.files.map(\.path) + plan.links.map(\.path)))",
      "\"commands\":\(list(steps.map(\.text)))", "\"dryRun\":\(isDryRun)", "\"\(done)\":\(!isDryRun)",
    ]
    return "{\(fields.joined(separator: ","))}\n"
  }

  private static func list(_ texts: [String]) -> String { "[\(texts.map(quote).joined(separator: ","))]" }

  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
