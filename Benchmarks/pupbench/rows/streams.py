"""Many subscribers, many events."""

import os
import subprocess
import time

from .. import machine
from ..cells import Cells
from ..context import Context
from ..interface import Interface
from ..result import Result
from ..statistics import number
from ..supervisors import Program, Pup

RATE = 1000


def row(context: Context) -> list[Result]:
    subscribers, seconds = 500, context.count(30, 5)
    lines = RATE * seconds
    cells = Cells(f"{context.workspace.root}/ticker-cells", 2)
    supervisor = Pup(context.workspace)
    supervisor.start([Program("ticker", [context.workspace.program("ticker"), cells.path, str(RATE), str(lines)])])
    interface = Interface(supervisor)
    interface.wait()
    reader = subprocess.Popen(
        [context.workspace.program("subscribers"), interface.socket_path(), str(subscribers), str(lines), str(seconds * 4 + 60)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    try:
        reader.stdin.write(interface.token() + "\n")
        reader.stdin.close()
        if reader.stdout.readline() != "ready\n":
            raise RuntimeError("the subscribers could not connect")
        brain = supervisor.brain()
        used = machine.cpu_seconds(brain)
        cells.memory[:8] = (1).to_bytes(8, "little")
        largest = 0
        while reader.poll() is None and os.path.exists(f"/proc/{brain}"):
            largest = max(largest, machine.proportional_bytes(brain))
            time.sleep(0.25)
        used = machine.cpu_seconds(brain) - used
        complete, missed, middle, high, longest = (int(word) for word in reader.stdout.readline().split())
    finally:
        reader.kill()
        reader.wait()
        supervisor.stop()
    passed = missed == 0 and high <= 100_000 and largest <= 64e6
    lost = "none lost" if missed == 0 else f"{missed} lost, {complete} of {subscribers} complete"
    return [
        Result(
            f"{subscribers} subscribers × {RATE} lines/s for {seconds} s: line to arrival (median / p99 / longest), brain's PSS and CPU",
            f"{number(middle / 1000)} / {number(high / 1000)} / {number(longest / 1000)} ms, {lost}, {number(largest / 1e6)} MB, "
            f"{number(used)} s",
            "1", "none lost, p99 ≤ 100 ms, ≤ 64 MB", passed,
        )
    ]
