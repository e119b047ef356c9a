import Glibc

/// A program for tests that does what it is told by its arguments, instead of a shell script that does it differently everywhere.
@main enum TestChild {
  static func main() {
    Termination.removeCrashHandlers()
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") {
      Output.write(Flag.help, to: STDOUT_FILENO)
      exit(0)
    }
    do {
      let options = try Options(arguments)
      try Run(options).perform()
    } catch let error as Failure {
      Output.write("testchild: \(error.text)\n", to: STDERR_FILENO)
      exit(error.code)
    } catch {
      Output.write("testchild: \(error)\n", to: STDERR_FILENO)
      exit(70)
    }
  }
}
