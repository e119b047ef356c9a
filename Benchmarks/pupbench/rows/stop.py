"""Stopping programs that obey SIGTERM."""

import time

from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Pup, Supervisor
from .start import marks

COUNT = 100


def measure(context: Context, kind: type[Supervisor], cells: Cells) -> float:
    """Milliseconds until supervisor and programs are gone, whichever is later."""
    cells.clear()
    supervisor = kind(context.workspace)
    supervisor.start(marks(context, cells, COUNT))
    cells.wait(range(0, 3 * COUNT, 3), 60, kind.name)
    # Everything that belongs to the start is over by then.
    time.sleep(1)
    before = time.monotonic_ns()
    own = supervisor.stop_and_wait(lambda: cells.wait(range(2, 3 * COUNT, 3), 60, f"{kind.name}, the programs' end"))
    last = max(cells[index] for index in range(2, 3 * COUNT, 3))
    return max(own, last - before) / 1e6


def row(context: Context) -> list[Result]:
    runs = context.count(11, 3)
    cells = Cells(f"{context.workspace.root}/stop-cells", 3 * COUNT)
    times: dict[str, list[float]] = {}
    for _ in range(runs):
        for kind in [Pup, *context.others]:
            times.setdefault(kind.name, []).append(measure(context, kind, cells))
    mine = median(times[Pup.name])
    others = {name: f"{number(median(values))} ms" for name, values in times.items() if name != Pup.name}
    return [Result("stop of 100 children that obey SIGTERM", f"{number(mine)} ms", str(runs), "≤ 150 ms", mine <= 150, others)]
