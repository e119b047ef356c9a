package import PupTokens

/// Says which resource a call acts on, for the authorizer: always the same one, or the one that a parameter of the call names.
package struct ResourceRule: Sendable {
  /// The parameter that names the resource; nil if it is the same for every call.
  let parameter: String?
  private let named: @Sendable (String) -> Resource

  /// The same resource for every call.
  package init(_ resource: Resource) {
    parameter = nil
    named = { _ in resource }
  }

  /// - Parameter named: returns the resource for a value of the parameter.
  package init(parameter: String, _ named: @escaping @Sendable (String) -> Resource) {
    self.parameter = parameter
    self.named = named
  }

  /// - Parameter value: returns the value of a parameter. A call without a value is about the instance; it is refused before
  ///   anything is done.
  func resource(_ value: (String) -> String?) -> Resource {
    guard let parameter else { return named("") }
    return value(parameter).map(named) ?? .instance
  }

  /// Pup as a whole.
  package static let instance = ResourceRule(.instance)
  /// The process whose id is the parameter `id`.
  package static let process = ResourceRule(parameter: "id") { .process($0) }
  /// The same, or every process if the id is `all`, regardless of case.
  package static let processOrAll = ResourceRule(parameter: "id") { $0.lowercased() == "all" ? .allProcesses : .process($0) }
  /// The plugin whose id is the parameter `plugin`.
  package static let plugin = ResourceRule(parameter: "plugin") { .plugin($0) }
}
