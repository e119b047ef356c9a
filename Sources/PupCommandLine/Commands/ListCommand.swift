internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupInstance
internal import PupSystem

enum ListCommand {
  static let specification = CommandSpecification(
    name: "list", aliases: ["ls"], summary: "Show the Pups that run, wherever they were started.", usage: "[--json]",
    description: """
      One line for each Pup of this user, as root for each of the machine: the process id of its main process, how long it has been running, how many of
      its processes run, the address of its interface, and its configuration (or the option that names one without a file). What lives is shown, whatever
      has become of its folders.

      Exit codes: 0, also where none runs.
      """,
    options: [OptionSpecification("json", help: "print a JSON array, with the folders of each")],
    examples: [
      ("pup list", "which Pups run"), ("sudo pup list", "those of every user"),
      ("pup status --config \"$(pup list --json | jq -r '.[0].configuration')\"", "look at the first of them"),
    ],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional("pup list shows all Pups that run; the processes of one: pup status")
      try arguments.refuseRest()
      let entries = LiveInstance.all().map(ListEntry.init)
      if arguments.has("json") {
        Terminal.print(entries.jsonText + "\n")
      } else if entries.isEmpty {
        Terminal.print("no Pup runs\n")
      } else {
        Terminal.write(table(entries).rendered(width: Terminal.width, colours: Terminal.hasColours))
      }
      return 0
    })

  private static func table(_ entries: [ListEntry]) -> Table {
    let showsUsers = geteuid() == 0
    var table = Table(
      [Table.Column(title: "PID", isNumber: true)] + (showsUsers ? [Table.Column(title: "USER")] : []) + [
        Table.Column(title: "AGE", isNumber: true), Table.Column(title: "PROCESSES", isNumber: true),
        Table.Column(title: "ADDRESS"),
        Table.Column(title: "CONFIGURATION"),
      ])
    for entry in entries {
      table.add(
        [Table.Cell(String(entry.pid))] + (showsUsers ? [Table.Cell(entry.user)] : []) + [
          Table.Cell(Measures.duration(seconds: entry.age)), Table.Cell("\(entry.running)/\(entry.processes)"),
          Table.Cell(entry.address),
          // Several may be without a file in one folder; where its data is tells them apart, and is what the next command needs.
          Table.Cell(entry.configuration ?? "none; --data-dir \(entry.dataDirectory)"),
        ])
    }
    return table
  }
}

/// A Pup that runs, as it is listed.
struct ListEntry: JSONEncodable {
  let pid: Int32
  let user: String
  let age: Int64
  let started: ISODate
  /// In the configuration, members of clusters each.
  let processes: Int
  let running: Int
  /// Of the interface: "http://127.0.0.1:49152"; nil where it does not listen on TCP.
  let address: String?
  let configuration: String?
  let directory: String
  let dataDirectory: String
  let temporaryDirectory: String

  init(_ live: LiveInstance) {
    let description = live.description
    let configuration = description.settings
    pid = live.keeper
    user = UserAccount(live.user)?.name ?? String(live.user)
    age = live.age
    started = ISODate(microseconds: Clock.wallMicroseconds - live.age * 1_000_000)
    processes = configuration?.processes.count ?? 0
    running = live.runningPrograms
    let port = try? BorrowedRights.with(ofUser: live.user) { () throws(InstanceError) in live.port }
    address = (port ?? nil).map { port in
      let host = configuration?.api.hostname ?? "127.0.0.1"
      let scheme = configuration?.api.tls == nil ? "http" : "https"
      return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
    self.configuration = description.absoluteConfigurationPath
    directory = description.directory
    dataDirectory = description.dataDirectory
    temporaryDirectory = description.temporaryDirectory
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("pid", Int(pid))
      $0.member("user", user)
      $0.member("started", started)
      $0.member("age", Int(age))
      $0.member("processes", processes)
      $0.member("running", running)
      $0.member("address", ifPresent: address)
      $0.member("configuration", ifPresent: configuration)
      $0.member("directory", directory)
      $0.member("dataDirectory", dataDirectory)
      $0.member("temporaryDirectory", temporaryDirectory)
    }
  }
}
