import Glibc
import PupSimulation

exit(await SimulationCommand(arguments: Array(CommandLine.arguments.dropFirst())).run())
