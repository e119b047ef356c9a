"""From the death of a program to its next instance executing."""

import time

from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import median, number, percentile
from ..supervisors import Program, Pup, Supervisor


def measure(context: Context, kind: type[Supervisor], programs: int, life: int, samples: int) -> list[float]:
    """Milliseconds from death to life. `programs` at a time live for `life` microseconds each."""
    each = -(-samples // programs) + 1
    fields = [Cells(f"{context.workspace.root}/crash-{index}", 2 + 2 * each) for index in range(programs)]
    supervisor = kind(context.workspace)
    supervisor.start(
        [
            # Different lives, so that the deaths do not come together.
            Program(f"p{index}", [context.workspace.program("crash"), cells.path, str(life + index * life // (7 * programs))])
            for index, cells in enumerate(fields)
        ]
    )
    end = time.monotonic() + 30 + each * (life / 1e6 + 1.5)
    while any(cells[0] <= each for cells in fields) and time.monotonic() < end:
        time.sleep(0.01)
    gaps = []
    for cells in fields:
        values = cells.all()
        for instance in range(min(values[0], each) - 1):
            gaps.append((values[2 + 2 * (instance + 1)] - values[2 + 2 * instance + 1]) / 1e6)
    supervisor.stop()
    if len(gaps) < samples:
        raise TimeoutError(f"{kind.name}: only {len(gaps)} of {samples} restarts")
    return gaps


def row(context: Context) -> list[Result]:
    samples = context.count(400, 200)
    gaps = measure(context, Pup, 1, 15_000, samples)
    others = {}
    for kind in context.others:
        # They start a program once a second at most: it lives longer than that, and ten run side by side.
        theirs = measure(context, kind, 10, 1_200_000, context.count(200, 20))
        others[kind.name] = f"{number(median(theirs))} / {number(percentile(theirs, 0.99))} ms"
    middle, high = median(gaps), percentile(gaps, 0.99)
    return [
        Result(
            "crash to next instance executing, `restartDelayMs: 0` (median / p99)", f"{number(middle)} / {number(high)} ms",
            str(len(gaps)), "≤ 3 / 8 ms", middle <= 3 and high <= 8, others,
        )
    ]
