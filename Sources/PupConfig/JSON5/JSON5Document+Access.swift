extension JSON5Document {
  /// The indices of an array's elements.
  package func elements(of array: Int) -> [Int] {
    var found: [Int] = []
    var child = array + 1
    let end = Int(nodes[array].next)
    while child < end {
      found.append(child)
      child = Int(nodes[child].next)
    }
    return found
  }

  /// Calls `body` with the indices of each member's key and value.
  package func forEachMember(of object: Int, _ body: (_ key: Int, _ value: Int) -> Void) {
    var key = object + 1
    let end = Int(nodes[object].next)
    while key < end {
      let value = Int(nodes[key].next)
      guard value < end else { return }
      body(key, value)
      key = Int(nodes[value].next)
    }
  }

  /// The value of the first member with this name.
  package func value(of name: String, in object: Int) -> Int? {
    var key = object + 1
    let end = Int(nodes[object].next)
    while key < end {
      let value = Int(nodes[key].next)
      guard value < end else { return nil }
      if isText(key, name) { return value }
      key = Int(nodes[value].next)
    }
    return nil
  }

  /// A node's path in the usual notation: `processes[2].logger.stdout`. Empty for the root.
  package func keyPath(to target: Int) -> String { path(to: target) { $0.isEmpty ? $1 : $0 + "." + $1 } }

  /// The last part of the key path: `stdout`, `watch[2]`.
  package func name(of target: Int) -> String { path(to: target) { $1 } }

  private func path(to target: Int, joining join: (_ path: String, _ key: String) -> String) -> String {
    var path = ""
    var current = Self.root
    while current < target, current < nodes.count {
      switch nodes[current].kind {
      case .array:
        var position = 0
        var child = current + 1
        while Int(nodes[child].next) <= target {
          child = Int(nodes[child].next)
          position += 1
        }
        path += "[\(position)]"
        current = child
      case .object:
        var key = current + 1
        var value = Int(nodes[key].next)
        while Int(nodes[value].next) <= target {
          key = Int(nodes[value].next)
          value = Int(nodes[key].next)
        }
        path = join(path, text(of: key))
        if target == key { return path }
        current = value
      default:
        return path
      }
    }
    return path
  }
}
