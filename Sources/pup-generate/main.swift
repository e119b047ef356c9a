internal import Glibc
internal import PupCommandLine
internal import PupConfig
internal import PupWeb

/// Writes the files that are made from definitions in the code: `make generate`. `make check` and the tests fail where one is stale.
let files = [
  ("pup.schema.json", ConfigurationSchema.jsonSchema()),
  ("docs/configuration.md", ConfigurationSchema.markdown()),
  ("docs/rest-api.md", RouteDocumentation.markdown()),
  ("docs/cli.md", CommandReference.markdown()),
]

let onlyCheck = CommandLine.arguments.dropFirst().first == "--check"
var stale = false
for (path, text) in files {
  let current = (try? ConfigurationFile.read(path)).map { String(decoding: $0, as: UTF8.self) }
  if current == text { continue }
  if onlyCheck {
    stale = true
    print("\(path) is stale; run: make generate")
  } else if let file = fopen(path, "w") {
    fputs(text, file)
    fclose(file)
    print("wrote \(path)")
  } else {
    perror(path)
    stale = true
  }
}
exit(stale ? 1 : 0)
