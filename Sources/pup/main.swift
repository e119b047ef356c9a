internal import Glibc
internal import PupCommandLine

exit(PupCommand.run(CommandLine.arguments))
