internal import Glibc
internal import PupKeeper

exit(keeperMain(CommandLine.arguments))
