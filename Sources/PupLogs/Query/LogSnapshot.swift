/// The store's segments and their lengths at one moment: a query reads up to there, a follower continues from there.
package struct LogSnapshot: Sendable {
  struct Segment: Sendable {
    let process: String
    let path: String
    let name: SegmentName
    let size: Int64
  }

  let directory: String
  /// By process, oldest first.
  let segments: [Segment]

  /// - Parameter directory: `<data>/logs`. Without such a folder there are no segments.
  package init(directory: String, query: LogQuery = LogQuery()) {
    self.directory = directory
    var segments: [Segment] = []
    for folder in ProcessFolder.all(in: directory) where query.includes(process: folder.process) {
      for name in folder.segments() {
        let path = folder.path(of: name)
        guard let size = LogFile.size(at: path) else { continue }
        segments.append(Segment(process: folder.process, path: path, name: name, size: size))
      }
    }
    self.segments = segments
  }

  /// The processes that have lines.
  package var processes: [String] {
    var names: [String] = []
    for segment in segments where segment.size > 0 && names.last != segment.process { names.append(segment.process) }
    return names
  }
}
