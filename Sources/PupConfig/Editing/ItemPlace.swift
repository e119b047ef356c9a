/// The parts of an item's position that its own layout depends on.
enum ItemPlace {
  case oneLine
  /// An object with each member on its own line.
  case lines(closing: String, members: String)
}
