internal import PupBasics
internal import PupService

/// What `--json` prints: one object on one line.
enum ServiceSummary {
  static func json(_ plan: ServicePlan, steps: [ServiceStep], isDryRun: Bool, done: String) -> String {
    let fields = [
      "\"service\":\(JSONText.quoted(plan.unit))", "\"manager\":\(JSONText.quoted(plan.manager.rawValue))",
      "\"scope\":\(JSONText.quoted(plan.scope.rawValue))", "\"files\":\(list(plan.files.map(\.path) + plan.links.map(\.path)))",
      "\"commands\":\(list(steps.map(\.text)))", "\"dryRun\":\(isDryRun)", "\"\(done)\":\(!isDryRun)",
    ]
    return "{\(fields.joined(separator: ","))}\n"
  }

  private static func list(_ texts: [String]) -> String { "[\(texts.map(JSONText.quoted).joined(separator: ","))]" }
}
