"""From the start of the supervisor to its programs executing."""

from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Program, Pup, Supervisor


def marks(context: Context, cells: Cells, count: int) -> list[Program]:
    return [Program(f"p{index:03}", [context.workspace.program("mark"), cells.path, str(index)]) for index in range(count)]


def measure(context: Context, kind: type[Supervisor], cells: Cells, count: int) -> float:
    """Milliseconds until the last of `count` programs has begun."""
    cells.clear()
    supervisor = kind(context.workspace)
    before = supervisor.start(marks(context, cells, count))
    cells.wait(range(0, 3 * count, 3), 60, f"{kind.name} with {count} programs")
    latest = max(cells[3 * index] for index in range(count))
    supervisor.stop()
    return (latest - before) / 1e6


def compare(context: Context, what: str, count: int, runs: int, target: float) -> Result:
    cells = Cells(f"{context.workspace.root}/marks", 3 * count)
    times: dict[str, list[float]] = {}
    # One after the other and again from the first: what the machine does besides hits all of them.
    for _ in range(runs):
        for kind in [Pup, *context.others]:
            times.setdefault(kind.name, []).append(measure(context, kind, cells, count))
    mine = median(times[Pup.name])
    others = {name: f"{number(median(values))} ms" for name, values in times.items() if name != Pup.name}
    return Result(what, f"{number(mine)} ms", str(runs), f"≤ {target:.0f} ms", mine <= target, others)


def first(context: Context) -> list[Result]:
    return [compare(context, "`pup run` to first program executing", 1, context.count(21, 5), 60)]


def hundred(context: Context) -> list[Result]:
    return [compare(context, "`pup run` to 100 programs executing", 100, context.count(11, 3), 300)]
