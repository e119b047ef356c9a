/// What the supervisor is doing. The known ones are constants; a later version of Pup may send others.
public struct SupervisorCondition: RawRepresentable, Hashable, Sendable {
  /// The word on the wire: "RUNNING".
  public let rawValue: String

  /// The condition with this word, known or not.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Not told.
  public static let unknown = SupervisorCondition(rawValue: "")
  /// It is taking over from its predecessor, or has just begun.
  public static let starting = SupervisorCondition(rawValue: "STARTING")
  /// It supervises, and does everything that it is there for.
  public static let running = SupervisorCondition(rawValue: "RUNNING")
  /// It supervises in safe mode.
  public static let safe = SupervisorCondition(rawValue: "SAFE")
  /// Everything is being stopped.
  public static let terminating = SupervisorCondition(rawValue: "TERMINATING")

  /// The word in sentences: "running".
  public var word: String { rawValue.lowercased() }

  /// Whether `/readyz` answers with success.
  public var isReady: Bool { self == .running }
}
