/// What the interface shows and controls, by area. Calls arrive on the web loop and must not block; each is answered once, from
/// any thread. Events need no backend: they are published on the bus.
package struct APIBackend: Sendable {
  let processes: any ProcessBackend
  let history: any HistoryBackend
  let logs: any LogBackend
  let messages: any MessageBackend
  let tokens: any TokenBackend
  let supervisor: any SupervisorBackend
  let access: any AccessLog

  package init(
    processes: any ProcessBackend, history: any HistoryBackend, logs: any LogBackend, messages: any MessageBackend,
    tokens: any TokenBackend, supervisor: any SupervisorBackend, access: any AccessLog
  ) {
    self.processes = processes
    self.history = history
    self.logs = logs
    self.messages = messages
    self.tokens = tokens
    self.supervisor = supervisor
    self.access = access
  }
}
