"""Memory and processor time with programs that do nothing."""

import time

from .. import machine
from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import number
from ..supervisors import Pup, Supervisor
from .start import marks

TARGETS = {0: 14, 100: 16, 500: 20}


def measure(context: Context, kind: type[Supervisor], count: int) -> tuple[float, float, float]:
    """PSS in MB, that of one helper process a run in MB, and seconds of processor time in 30 s."""
    cells = Cells(f"{context.workspace.root}/idle", 3 * max(1, count))
    supervisor = kind(context.workspace)
    supervisor.start(marks(context, cells, count))
    cells.wait(range(0, 3 * count, 3), 60, f"{kind.name} with {count} programs")
    time.sleep(context.count(10, 2))
    processes = supervisor.own_processes()
    memory = sum(machine.proportional_bytes(pid) for pid in processes)
    helpers = sum(machine.proportional_bytes(pid) for pid in supervisor.helpers()) if isinstance(supervisor, Pup) else 0
    seconds = context.count(30, 5)
    before = sum(machine.cpu_seconds(pid) for pid in processes)
    time.sleep(seconds)
    used = sum(machine.cpu_seconds(pid) for pid in processes) - before
    supervisor.stop()
    return memory / 1e6, helpers / 1e6, used * 30 / seconds


def row(context: Context) -> list[Result]:
    results = []
    for count, target in TARGETS.items():
        memory, helpers, used = measure(context, Pup, count)
        others = {}
        for kind in context.others:
            if count in (0, 100):
                theirs = measure(context, kind, count)
                others[kind.name] = f"{number(theirs[0])} MB, {number(theirs[2])} s"
        note = f"and {number(helpers)} MB in {count} × pup-init, because runs get no cgroup here" if helpers else ""
        results.append(
            Result(
                f"keeper + brain, {count} idle children: PSS, CPU in 30 s", f"{number(memory)} MB, {number(used)} s", "1",
                f"≤ {target} MB, ≤ 0.05 s", memory <= target and used <= 0.05, others, note,
            )
        )
    return results
