"""Many programs, one write for each line."""

import os
import shutil
import subprocess

from .. import machine
from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Program, Pup
from ..verify import stored_lines


def through_pup(context: Context, cells: Cells, children: int, lines: int) -> float:
    """Microseconds of processor time of keeper and brain for a line."""
    supervisor = Pup(context.workspace)
    supervisor.start(
        [
            Program(f"p{index}", [context.workspace.program("flood"), cells.path, str(index), str(lines), "100"])
            for index in range(children)
        ]
    )
    cells.wait(range(0, 3 * children, 3), 60, "the writers")
    cells.wait(range(1, 3 * children, 3), 300, "the writers' end")
    for index in range(children):
        stored_lines(os.path.join(supervisor.logs(), f"p{index}"), lines)
    # From their beginning on: that they started, and started the programs, is in it.
    used = sum(machine.cpu_seconds(pid) for pid in supervisor.own_processes())
    supervisor.stop()
    return used * 1e6 / (children * lines)


def through_loggers(context: Context, cells: Cells, children: int, lines: int) -> float:
    folder = context.workspace.folder("loggers")
    writers, loggers = [], []
    for index in range(children):
        arguments = [context.workspace.program("flood"), cells.path, str(index), str(lines), "100"]
        writer = subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ, "FLOOD_EXIT": "1"})
        loggers.append(subprocess.Popen(["s6-log", "n1000", "s16777215", "t", f"{folder}/{index}"], stdin=writer.stdout))
        writer.stdout.close()
        writers.append(writer)
    for writer in writers:
        writer.wait()
    used = 0.0
    for logger in loggers:
        _, _, usage = os.wait4(logger.pid, 0)
        logger.returncode = 0
        used += usage.ru_utime + usage.ru_stime
    shutil.rmtree(folder)
    return used * 1e6 / (children * lines)


def row(context: Context) -> list[Result]:
    children, lines, runs = 50, context.count(20_000, 4_000), context.count(5, 2)
    cells = Cells(f"{context.workspace.root}/lines-cells", 3 * children)
    mine, theirs = [], []
    for _ in range(runs):
        cells.clear()
        mine.append(through_pup(context, cells, children, lines))
        if shutil.which("s6-log"):
            cells.clear()
            theirs.append(through_loggers(context, cells, children, lines))
    used = median(mine)
    others = {"s6": f"s6-log t {number(median(theirs))} µs"} if theirs else {}
    return [
        Result(
            f"{children} children × {lines} lines, one write each: CPU per line, nothing lost", f"{number(used)} µs", str(runs),
            "≤ s6-log", used <= median(theirs) if theirs else None, others,
        )
    ]
