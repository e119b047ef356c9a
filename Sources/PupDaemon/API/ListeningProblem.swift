/// Why a place is not listened on, and the way out, for Pup's own log.
struct ListeningProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
