"""The command that people type most."""

import subprocess
import sys

from ..cells import Cells
from ..context import Context
from ..interface import Interface
from ..result import Result
from ..statistics import median, number
from ..supervisors import Pup
from .start import marks

COUNT = 100


def row(context: Context) -> list[Result]:
    what = f"`pup status` with {COUNT} processes, whole command"
    cells = Cells(f"{context.workspace.root}/status-marks", 3 * COUNT)
    supervisor = Pup(context.workspace)
    supervisor.start(marks(context, cells, COUNT))
    cells.wait(range(0, 3 * COUNT, 3), 60, f"{COUNT} programs")
    Interface(supervisor).wait()
    command = [Pup.executable(), "status", "--config", f"{supervisor.folder}/pup.json"]
    trial = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if trial.returncode != 0 or f"p{COUNT - 1:03}" not in trial.stdout:
        supervisor.stop()
        words = (trial.stderr or trial.stdout).strip().splitlines()[:1]
        print(f"bench: SKIPPED {what}: exit code {trial.returncode}: {''.join(words)}", file=sys.stderr)
        return [Result(what, "skipped: `pup status` does not work here", "–", "≤ 25 ms", False)]
    runs = context.count(51, 11)
    times = []
    for _ in range(runs):
        pid, before = context.workspace.spawn(command)
        times.append((context.workspace.wait(pid, 30) - before) / 1e6)
    supervisor.stop()
    return [Result(what, f"{number(median(times))} ms", str(runs), "≤ 25 ms", median(times) <= 25)]
