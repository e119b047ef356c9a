extension RoutePattern {
  /// Why the route cannot be served beside these; nil if it can.
  func problem(beside others: [RoutePattern]) -> String? {
    if let problem = shapeProblem { return problem }
    let declared = route.operation.parameters.filter(\.isInPath).map(\.name)
    guard declared.sorted() == parameterNames.sorted() else {
      return "its path has the parameters \(Self.list(parameterNames)), and it declares \(Self.list(declared))"
    }
    if let named = route.operation.resource.parameter,
      !route.operation.parameters.contains(where: { $0.name == named && $0.isRequired })
    {
      return "what it is about is named by \"\(named)\", which is no required parameter of it"
    }
    // The names are labels in the metrics, and ids in the OpenAPI document.
    if let other = others.first(where: { $0.route.operation.name == route.operation.name }) {
      return "\(Self.words(other.route)) has the same name"
    }
    if let other = others.first(where: { $0.route.method == route.method && overlaps($0) }) {
      return "\(Self.words(other.route)) takes the same requests"
    }
    return nil
  }

  private var shapeProblem: String? {
    guard route.path.hasPrefix("/"), parts.allSatisfy(Self.isSound) else {
      return "a path is / and words of lower-case letters, digits, and . _ - or {parameters}, with / between them"
    }
    guard !first.isEmpty else { return "its path must begin with a word" }
    guard Set(parameterNames).count == parameterNames.count else { return "a parameter is twice in its path" }
    return nil
  }

  private static func isSound(_ part: Part) -> Bool {
    switch part {
    case .literal(let text): !text.isEmpty && text.utf8.allSatisfy { isWordByte($0) || $0 == 0x2D || $0 == 0x2E }
    case .parameter(let name): !name.isEmpty && name.lowercased().utf8.allSatisfy(isWordByte)
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func words(_ route: Route) -> String { "\(route.operation.name) (\(route.method.rawValue) \(route.path))" }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
