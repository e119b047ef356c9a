internal import PupCore
internal import PupSystem

extension SignalScope {
  /// As the keeper reads it.
  var inProtocol: TreeScope {
    switch self {
    case .group: .group
    case .tree: .tree
    case .outsideGroup: .outsideGroup
    }
  }
}
