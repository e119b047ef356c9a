internal import PupAPI

extension HistoryEntry {
  init(reading json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    func state(_ name: String) throws(PupError) -> APIProcessState? {
      guard let word = try fields.optionalString(name) else { return nil }
      guard let state = APIProcessState.allCases.first(where: { $0.word == word }) else {
        throw fields.wrong(name, "a known state")
      }
      return state
    }
    guard let new = try state("newState") else { throw fields.wrong("newState", "a known state") }
    self.init(
      time: try fields.date("time"), processId: try fields.string("processId"), old: try state("oldState"), new: new,
      actor: try fields.string("actor"), cause: try fields.string("cause"))
    pid = try fields.optionalInteger("pid").map { Int32(clamping: $0) }
    code = try fields.optionalInteger("code").map { Int32(clamping: $0) }
    signal = try fields.optionalString("signal")
    outOfMemory = try fields.optionalBool("outOfMemory") ?? false
    restarts = Int(clamping: try fields.optionalInteger("restarts") ?? 0)
    userSeconds = try fields.optionalNumber("userSeconds")
    systemSeconds = try fields.optionalNumber("systemSeconds")
    peakMemory = try fields.optionalInteger("peakMemory")
  }
}
