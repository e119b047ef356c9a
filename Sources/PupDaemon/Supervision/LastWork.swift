/// What a brain still does before it ends, one after the other, each on a disk or network that may hang.
enum LastWork: String {
  case logs = "writing the logs"
  case pidFiles = "removing the pid files"
  case surface = "closing the interface and the database"
}
