internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let supervisor: [Route] = [
    Route(
      .get, "/state",
      Operation(
        name: "getState", summary: "The supervisor, its machine, and all processes.",
        permissions: [.read], answer: .init(summary: "The state.", schema: data(reference("ApplicationState")))
      ) { (call) throws(PupError) in
        call.services.applicationState.get { call.answer(data: $0) }
      }),
    Route(
      .post, "/terminate",
      Operation(
        name: "terminate",
        summary: "Stops everything, each process within its own time. A service manager starts Pup again.", permissions: [.admin],
        answer: .init(summary: "It begins.", schema: data(reference("ActionResult")))
      ) { (call) throws(PupError) in
        call.services.backend.supervisor.terminate(by: call.principal?.consumer ?? "") { loss in
          call.answer(data: ActionResult(.accepted, message: loss))
        }
      }),
    Route(
      .post, "/reload",
      Operation(
        name: "reload", summary: "Reads the configuration again. Not implemented yet: answers 501.",
        permissions: [.admin],
        answer: .init(summary: "Applied.", schema: data(reference("ActionResult"))),
        errors: [.refused, .unprocessable, .notImplemented]
      ) { (call) throws(PupError) in
        call.services.backend.supervisor.reload(by: call.principal?.consumer ?? "", answer: call.answering())
      }),
  ]
}
