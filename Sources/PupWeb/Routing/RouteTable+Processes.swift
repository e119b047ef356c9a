internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let processes: [Route] =
    [
      Route(
        .get, "/processes",
        Operation(
          name: "listProcesses", summary: "All processes and clusters.", permissions: [.read],
          answer: .init(summary: "The processes.", schema: data(list("ProcessEntry")))
        ) { (call) throws(PupError) in
          call.services.processList.get { call.answer(.content($0.content)) }
        }),
      Route(
        .get, "/processes/{id}",
        Operation(
          name: "getProcess", summary: "One process.", permissions: [.read],
          resource: .process, parameters: [.processID()],
          answer: .init(summary: "The process.", schema: data(reference("ProcessEntry"))),
          errors: [.unknownProcess]
        ) { (call) throws(PupError) in
          let id = call.parameter("id")?.lowercased() ?? ""
          call.services.processList.get { listing in
            guard let entry = listing.entries.first(where: { $0.status.id.lowercased() == id }) else {
              return call.answer(unknown(call))
            }
            call.answer(data: entry)
          }
        }),
      Route(
        .get, "/processes/{id}/history",
        Operation(
          name: "getHistory", summary: "A process's last transitions, oldest first; also of one that has left the configuration.",
          permissions: [.read], resource: .process,
          parameters: [.processID(), OperationParameter("count", .integer(1...1000), "At most this many (100).")],
          answer: .init(summary: "Transitions with their causes.", schema: data(list("HistoryEntry"))), errors: [.unknownProcess]
        ) { (call) throws(PupError) in
          let count = call.integer("count").map { Int($0) } ?? 100
          call.services.backend.history.history(of: call.parameter("id") ?? "", count: count, answer: call.answering())
        }),
    ] + ProcessAction.allCases.map(action)

  private static func action(_ action: ProcessAction) -> Route {
    Route(
      .post, "/processes/{id}/\(action.rawValue)",
      Operation(
        name: "\(action.rawValue)Process", summary: action.summary,
        permissions: [.control], resource: .processOrAll,
        parameters: [
          .processID("A process's or cluster's id, or `all`."),
          OperationParameter("wait", .integer(0...300), "Answer when it is done, or after this many seconds."),
        ],
        answer: .init(summary: "Accepted, or nothing had to be done.", schema: data(reference("ActionResult"))),
        errors: [.unknownProcess, .refused, .unavailable]
      ) { (call) throws(PupError) in
        let id = call.parameter("id") ?? ""
        let wait = call.integer("wait").map { Int($0) }
        call.services.backend.processes.perform(
          action, on: id.lowercased() == "all" ? .all : .process(id), by: call.principal?.consumer ?? "", wait: wait,
          answer: call.answering())
      })
  }

  private static func unknown(_ call: any Call) -> PupError {
    PupError(.unknownProcess, "no process has the id \"\(call.parameter("id") ?? "")\"")
  }
}

extension ProcessAction {
  fileprivate var summary: String {
    switch self {
    case .start: "Starts a process. An operator's stop is over with it."
    case .stop: "Stops a process, which then stays stopped until it is started."
    case .restart: "Stops a process and starts it; starts one that is down."
    case .block: "Refuses every start until it is unblocked. What runs keeps running."
    case .unblock: "Allows starts again."
    }
  }
}
