/// What a line of Pup's own means for the process that it is about; decides its colour on a terminal.
package enum LogTone: Hashable, Sendable {
  case ordinary
  case start
  case end
  case failure
}
