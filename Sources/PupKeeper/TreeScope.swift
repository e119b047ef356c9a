/// Whom a signal reaches; raw values are those of the protocol.
enum TreeScope: UInt8 {
  case group = 1
  case tree = 2
  case outsideGroup = 3
}
