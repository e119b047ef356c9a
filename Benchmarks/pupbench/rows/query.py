"""Finding lines in a large log."""

import datetime
import glob
import os
import shutil
import subprocess

from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Pup
from ..workspace import Workspace

# The store keeps 48 hours: that is what 1 GB is spread over.
HOURS = 48
LINE_BYTES = 139


def time_of(workspace: Workspace, arguments: list[str], runs: int, expected: int) -> float:
    """The median of a command's whole run in milliseconds; it must print so many lines."""
    output = os.path.join(workspace.root, "query-output")
    times = []
    for _ in range(runs):
        if os.path.exists(output):
            os.remove(output)
        pid, before = workspace.spawn(arguments, None, output)
        times.append((workspace.wait(pid, 60) - before) / 1e6)
        with open(output, "rb") as file:
            count = file.read().count(b"\n")
        if abs(count - expected) > 1:
            raise RuntimeError(f"{' '.join(arguments[:3])} …: {count} lines instead of {expected}")
    return median(times)


def row(context: Context) -> list[Result]:
    size = context.count(1 << 30, 1 << 27)
    step = HOURS * 3600 * 1_000_000 * LINE_BYTES // size
    folder = context.workspace.folder("query")
    store = os.path.join(folder, ".pup/pup.json-data/logs/app")
    os.makedirs(store)
    with open(os.path.join(folder, "pup.json"), "w") as file:
        file.write('{ processes: [{ id: "app", cmd: "true" }] }\n')
    start = int(datetime.datetime(2026, 11, 19, 8, tzinfo=datetime.timezone.utc).timestamp()) * 1_000_000
    subprocess.run(
        [context.workspace.program("makelog"), store, str(size), str(start), str(step)], check=True, stdout=subprocess.DEVNULL
    )
    runs = context.count(31, 5)
    pup = [Pup.executable(), "logs", "--config", os.path.join(folder, "pup.json")]
    minute = 60_000_000 // step
    segments = sorted(glob.glob(store + "/*.log"))
    last = time_of(context.workspace, [*pup, "-n", "100"], runs, 100)
    ranged = time_of(
        context.workspace, [*pup, "--start", "2026-11-20T09:15:00Z", "--end", "2026-11-20T09:15:59.999999Z"], runs, minute
    )
    tail = time_of(context.workspace, ["tail", "-n", "100", segments[-2]], runs, 100)
    grep = time_of(context.workspace, ["grep", "-h", "^2026-11-20T09:15", *segments], min(5, runs), minute)
    shutil.rmtree(folder)
    amount = f"{size / (1 << 30):.3g} GB"
    return [
        Result(
            f"last 100 lines out of {amount}: whole `pup logs`", f"{number(last)} ms", str(runs), "≤ 25 ms", last <= 25,
            {"other": f"`tail` {number(tail)} ms"},
        ),
        Result(
            f"one minute ({minute} lines) out of {amount}: whole `pup logs`", f"{number(ranged)} ms", str(runs), "≤ 25 ms",
            ranged <= 25, {"other": f"`grep` {number(grep)} ms"},
        ),
    ]
