/// The members of a JSON object, in order. Names are unique if the object was parsed.
public struct JSONObject: Hashable, Sendable {
  /// A name with its value.
  public struct Member: Hashable, Sendable {
    /// The text between the quotes, with escapes resolved.
    public var name: String
    /// The value after the colon.
    public var value: JSONValue

    /// A member.
    /// - Parameters:
    ///   - name: without quotes and escapes.
    ///   - value: any value.
    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// In written order.
  public private(set) var members: [Member]

  /// An object without members.
  public init() { members = [] }

  /// Names must be unique: text with a duplicate name cannot be read back.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    self.members = members.map { Member(name: $0.0, value: $0.1) }
  }

  init(members: [Member]) { self.members = members }

  /// The members' names, with escapes resolved.
  public var names: [String] { members.map(\.name) }
  /// Whether it has no members.
  public var isEmpty: Bool { members.isEmpty }

  /// Setting nil removes the member; a new one is put at the end.
  public subscript(_ name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }
}
