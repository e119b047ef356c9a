internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let supervisor: [Route] = [
    Route(
      name: "getState", method: .get, path: "/state", summary: "The supervisor, its machine, and all processes.",
      permissions: [.read], answer: .init(summary: "The state.", schema: data(reference("ApplicationState")))
    ) { (service, exchange) throws(PupError) in
      service.applicationState.get { exchange.answer(data: $0) }
    },
    Route(
      name: "terminate", method: .post, path: "/terminate",
      summary: "Stops everything, each process within its own time. A service manager starts Pup again.", permissions: [.admin],
      answer: .init(summary: "It begins.", schema: data(reference("ActionResult")))
    ) { (service, exchange) throws(PupError) in
      service.backend.terminate(by: exchange.principal?.consumer ?? "")
      exchange.answer(data: ActionResult(.accepted))
    },
    Route(
      name: "reload", method: .post, path: "/reload", summary: "Reads the configuration again. Not there yet: answers 501.",
      permissions: [.admin],
      answer: .init(summary: "Applied.", schema: data(reference("ActionResult"))),
      errors: [.refused, .unprocessable, .notImplemented]
    ) { (service, exchange) throws(PupError) in
      service.backend.reload(by: exchange.principal?.consumer ?? "", answer: answering(service, exchange))
    },
  ]
}
