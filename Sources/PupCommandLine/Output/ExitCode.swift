internal import PupInstance

extension InstanceError {
  /// Tells the error and answers its exit code.
  static func toExitCode(_ body: () throws(InstanceError) -> Int32) -> Int32 {
    do throws(InstanceError) {
      return try body()
    } catch {
      Terminal.complain("pup: \(error.message)")
      return error.kind.rawValue
    }
  }
}
