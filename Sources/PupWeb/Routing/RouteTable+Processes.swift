internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let processes: [Route] =
    [
      Route(
        name: "listProcesses", method: .get, path: "/processes", summary: "All processes and clusters.", permissions: [.read],
        answer: .init(summary: "The processes.", schema: data(list("ProcessEntry")))
      ) { (service, exchange) throws(PupError) in
        service.processList.get { exchange.answer($0.response) }
      },
      Route(
        name: "getProcess", method: .get, path: "/processes/{id}", summary: "One process.", permissions: [.read],
        parameters: [.id], answer: .init(summary: "The process.", schema: data(reference("ProcessEntry"))),
        errors: [.unknownProcess]
      ) { (service, exchange) throws(PupError) in
        let id = exchange.parameters["id"]?.lowercased() ?? ""
        service.processList.get { listing in
          guard let entry = listing.entries.first(where: { $0.status.id.lowercased() == id }) else {
            return exchange.answer(unknown(exchange))
          }
          exchange.answer(data: entry)
        }
      },
      Route(
        name: "getHistory", method: .get, path: "/processes/{id}/history", summary: "A process's last transitions, oldest first.",
        permissions: [.read],
        parameters: [.id, RouteParameter("count", .integer(1...1000), "At most so many (100).")],
        answer: .init(summary: "Transitions with their causes.", schema: data(list("HistoryEntry"))), errors: [.unknownProcess]
      ) { (service, exchange) throws(PupError) in
        let count = exchange.request.parameter("count").flatMap { Int($0) } ?? 100
        service.backend.history(of: exchange.parameters["id"] ?? "", count: count, answer: answering(service, exchange))
      },
    ] + ProcessAction.allCases.map(action)

  private static func action(_ action: ProcessAction) -> Route {
    Route(
      name: "\(action.rawValue)Process", method: .post, path: "/processes/{id}/\(action.rawValue)", summary: action.summary,
      permissions: [.control],
      parameters: [
        RouteParameter(
          "id", .name(extra: RouteParameter.idExtra, maximum: 128), "A process's or cluster's id, or `all`.", in: .path),
        RouteParameter("wait", .integer(0...300), "Answer when it is done, or after so many seconds."),
      ],
      answer: .init(summary: "Accepted, or nothing had to be done.", schema: data(reference("ActionResult"))),
      errors: [.unknownProcess, .refused, .unavailable]
    ) { (service, exchange) throws(PupError) in
      let id = exchange.parameters["id"] ?? ""
      let wait = exchange.request.parameter("wait").flatMap { Int($0) }
      service.backend.perform(
        action, on: id.lowercased() == "all" ? .all : .process(id), by: exchange.principal?.consumer ?? "", wait: wait,
        answer: answering(service, exchange))
    }
  }

  static func unknown(_ exchange: Exchange) -> PupError {
    PupError(.unknownProcess, "no process has the id \"\(exchange.parameters["id"] ?? "")\"")
  }

  /// Hands a backend's result to the client.
  static func answering<Value: JSONEncodable & Sendable>(
    _ service: APIService, _ exchange: Exchange, status: Int = 200
  ) -> @Sendable (Result<Value, PupError>) -> Void {
    service.onLoop { result in
      switch result {
      case .success(let value): exchange.answer(data: value, status: status)
      case .failure(let error): exchange.answer(error)
      }
    }
  }
}

extension ProcessAction {
  fileprivate var summary: String {
    switch self {
    case .start: "Starts a process. An operator's stop is over with it."
    case .stop: "Stops a process, which then stays down until somebody starts it."
    case .restart: "Stops a process and starts it; starts one that is down."
    case .block: "Refuses every start until it is unblocked. What runs goes on."
    case .unblock: "Allows starts again."
    }
  }
}
