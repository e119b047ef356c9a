/// All steps to install a service with one service manager, and to remove it. Just a value: nothing has been carried out yet.
package struct ServicePlan: Hashable, Sendable {
  package var manager: ServiceManagerKind
  package var scope: ServiceScope
  /// The name used by the service manager's tools: "pup.service".
  package var unit: String
  /// The first one names the instance.
  package var files: [ServiceFile]
  /// Symbolic links: their locations and targets.
  package var links: [Link] = []
  /// A folder that belongs to Pup entirely and is removed with the service.
  package var folder: String?
  /// Places where someone else may already have defined a service with this name.
  package var foreignPlaces: [String] = []
  /// Run once the files exist: register and start.
  package var enable: [ServiceStep]
  /// Succeeds as soon as the service is running.
  package var check: ServiceStep
  /// The most informative commands about a failed start.
  package var diagnose: [ServiceStep] = []
  /// Stop and unregister, before the files are removed …
  package var disable: [ServiceStep]
  /// … and after that.
  package var forget: [ServiceStep] = []
  /// Commands for people who manage it.
  package var hints: [String]

  package struct Link: Hashable, Sendable {
    package var path: String
    package var target: String
  }
}
