internal import Glibc

/// Writes what is made from definitions in the code. Without arguments: the files that are kept in the repository
/// (`make generate`); `--check` fails where one of them is stale; `--share FOLDER` writes what `make install` copies to `share`.
let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case nil: exit(RepositoryFiles.write() ? 0 : 1)
case "--check" where arguments.count == 1: exit(RepositoryFiles.areCurrent() ? 0 : 1)
case "--share" where arguments.count == 2: exit(SharedFiles.write(to: arguments.last ?? "") ? 0 : 1)
default:
  print("usage: pup-generate [--check | --share FOLDER]")
  exit(64)
}
