/// Everything that makes a service of one service manager, and everything that unmakes it. A value: nothing has happened yet.
package struct ServicePlan: Hashable, Sendable {
  package var manager: ServiceManagerKind
  package var scope: ServiceScope
  /// As the service manager's tools call it: "pup.service".
  package var unit: String
  /// The first one names the instance.
  package var files: [ServiceFile]
  /// Symbolic links: where they are and what they name.
  package var links: [Link] = []
  /// A folder that is all Pup's, and goes with the service.
  package var folder: String?
  /// Places that a service of this name may already be defined in, by somebody else.
  package var foreignPlaces: [String] = []
  /// After the files are there: register and start.
  package var enable: [ServiceStep]
  /// Succeeds as soon as it runs.
  package var check: ServiceStep
  /// What says most about a start that failed.
  package var diagnose: [ServiceStep] = []
  /// Stop and unregister, before the files go …
  package var disable: [ServiceStep]
  /// … and after that.
  package var forget: [ServiceStep] = []
  /// How a person looks after it.
  package var hints: [String]

  package struct Link: Hashable, Sendable {
    package var path: String
    package var target: String
  }
}
