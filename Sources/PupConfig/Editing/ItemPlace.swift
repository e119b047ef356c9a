/// Where an item is written, as far as its own layout depends on it.
enum ItemPlace {
  case oneLine
  /// An object with each member on a line of its own.
  case lines(closing: String, members: String)
}
