import Glibc

/// Does what the options say, in the order that the help text promises.
struct Run {
  private let options: Options

  init(_ options: Options) { self.options = options }

  func perform() throws(Failure) -> Never {
    let surroundings = options.printsLimits ? Surroundings() : nil
    for signal in options.ignoredSignals { Termination.ignore(signal) }
    if let file = options.pidsFile { try Files.append("\(getpid())", to: file) }
    try Descendants(options).make()
    if options.onTerminate != nil || options.terminateFile != nil { Termination.listen() }
    try listen()
    try report(surroundings)
    try smallDeeds()
    try Spew(options.spew)?.run()
    wait()
    try end()
  }

  private func listen() throws(Failure) {
    if let port = options.bindPort { _ = try Listener.open(port: port) }
    if let file = options.portFile, !Descendants(options).isPortTheirs { try Listener.openFreePort(announcedIn: file) }
  }

  private func report(_ surroundings: Surroundings?) throws(Failure) {
    var text = ""
    if options.printsPid { text += "pid \(getpid())\n" }
    if options.printsEnvironment { text += Surroundings.environment }
    if options.printsDescriptors { text += Surroundings.descriptors }
    if let surroundings { text += surroundings.text }
    Output.write(text, to: STDOUT_FILENO)
  }

  private func smallDeeds() throws(Failure) {
    if let file = options.touchedFile { try Files.touch(file) }
    if let (file, text) = options.appended { try Files.append("\(text) \(getpid()) \(Clock.now)", to: file) }
    if let text = options.notification { try Notification.send(text) }
    if options.megabytes > 0 { try Memory.use(megabytes: options.megabytes) }
    if let text = options.prompt { Output.write(text, to: STDOUT_FILENO) }
  }

  private func wait() {
    if options.stopsItself { raise(SIGSTOP) }
    if let milliseconds = options.afterMilliseconds { Clock.sleep(until: Clock.now + milliseconds * 1_000_000) }
    if options.holds || (options.prompt != nil && options.afterMilliseconds == nil) { Clock.sleepForEver() }
  }

  private func end() throws(Failure) -> Never {
    if Termination.wasAsked {
      Termination.settle()
      if let file = options.terminateFile { try Files.writeAtomically("\(getpid())\n", to: file) }
      let (milliseconds, code) = options.onTerminate ?? (0, -1)
      Clock.sleep(until: Clock.now + milliseconds * 1_000_000)
      exit(code < 0 ? options.exitCode : code)
    }
    if options.aborts { abort() }
    if let signal = options.signalToItself {
      if signal != SIGKILL, signal != SIGSTOP { Termination.reset(signal) }
      raise(signal)
    }
    exit(options.exitCode)
  }
}
