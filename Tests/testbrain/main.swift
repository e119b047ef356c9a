internal import Glibc
internal import PupDaemon

exit(supervisorMain(CommandLine.arguments))
