/// Whom a signal reaches; raw values are those of the protocol.
enum TreeScope: UInt8 { case group = 1, tree = 2, outsideGroup = 3 }
