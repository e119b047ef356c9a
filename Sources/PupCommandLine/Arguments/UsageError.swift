/// The command line cannot be understood: exit code 64 (EX_USAGE of sysexits(3)).
struct UsageError: Error {
  var message: String
}
