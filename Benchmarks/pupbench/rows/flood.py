"""One program that writes as fast as it can."""

import os
import shutil
import subprocess

from ..cells import Cells
from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Program, Pup
from ..verify import stored_lines


def through_pup(context: Context, cells: Cells, lines: int) -> float:
    supervisor = Pup(context.workspace)
    supervisor.start([Program("flood", [context.workspace.program("flood"), cells.path, "0", str(lines), "65536"])])
    cells.wait([1], 300, "the flood through Pup", every=0.02)
    rate = lines * 100 / (cells[1] - cells[0]) * 1e3
    logs = os.path.join(supervisor.logs(), "flood")
    stored_lines(logs, lines)
    supervisor.stop()
    return rate


def through_pipe(context: Context, cells: Cells, lines: int, reader: list[str], output: str | None) -> float:
    """`flood | reader`, as a shell would do it."""
    folder = context.workspace.folder("pipe")
    arguments = [context.workspace.program("flood"), cells.path, "0", str(lines), "65536"]
    target = open(os.path.join(folder, output), "wb") if output else subprocess.DEVNULL
    writer = subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ, "FLOOD_EXIT": "1"})
    process = subprocess.Popen([word.replace("%", folder) for word in reader], stdin=writer.stdout, stdout=target)
    writer.stdout.close()
    writer.wait()
    process.wait()
    rate = lines * 100 / (cells[1] - cells[0]) * 1e3
    shutil.rmtree(folder)
    return rate


def row(context: Context) -> list[Result]:
    lines, runs = context.count(3_000_000, 500_000), context.count(9, 3)
    cells = Cells(f"{context.workspace.root}/flood-cells", 3)
    readers = {"cat": (["cat"], "file")}
    if shutil.which("s6-log"):
        readers["s6-log"] = (["s6-log", "n1000", "s16777215", "t", "%/log"], None)
    rates: dict[str, list[float]] = {name: [] for name in ["pup", *readers]}
    # What is stored, with timestamps, and some room.
    size = lines * 150
    for _ in range(runs):
        cells.clear()
        context.workspace.warm(size)
        rates["pup"].append(through_pup(context, cells, lines))
        for name, (reader, output) in readers.items():
            cells.clear()
            context.workspace.warm(size)
            rates[name].append(through_pipe(context, cells, lines, reader, output))
    mine, plain = median(rates["pup"]), median(rates["cat"])
    others = {"other": f"`cat > file` {number(plain)} MB/s"}
    passed = mine >= 0.7 * plain
    text = f"{number(mine)} MB/s ({number(mine / plain)} × cat"
    if "s6-log" in rates:
        logger = median(rates["s6-log"])
        others["s6"] = f"s6-log t {number(logger)} MB/s"
        passed = passed and mine >= 2 * logger
        text += f", {number(mine / logger)} × s6-log"
    return [
        Result(
            "one child, 100-byte lines, 64 KiB writes, into the timestamped store on tmpfs", text + ")",
            f"{runs} × {lines * 100 // 1_000_000} MB", "≥ 2 × s6-log t, ≥ 0.7 × `cat > file`", passed, others,
        )
    ]
