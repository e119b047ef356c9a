"""Requests a second, with wrk."""

import re
import shutil
import subprocess

from .. import machine
from ..cells import Cells
from ..context import Context
from ..interface import Interface
from ..result import Result
from ..statistics import number
from ..supervisors import Pup
from .start import marks

CONNECTIONS = 32
# Programs, path, requests a second, milliseconds of the 99th percentile.
ROWS = [(1, "/healthz", 30_000, None), (1, "/processes", 15_000, None), (100, "/processes", 3_000, 20)]
UNITS = {"us": 0.001, "ms": 1, "s": 1000}


def wrk(interface: Interface, path: str, seconds: int) -> tuple[float, float, int]:
    """Requests a second, the 99th percentile of their latency in milliseconds, and how many there were."""
    arguments = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-H", "Authorization: Bearer " + interface.token()]
    text = subprocess.run(
        [*arguments, f"http://127.0.0.1:{interface.port()}{path}"], check=True, capture_output=True, text=True, timeout=seconds + 60
    ).stdout
    problem = re.search(r"(Non-2xx.*|Socket errors.*)", text)
    if problem:
        raise RuntimeError(f"{path}: {problem.group(1)}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    high = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", text)
    count = re.search(r"(\d+) requests in", text)
    if rate is None or high is None or count is None:
        raise RuntimeError(f"wrk said: {text}")
    return float(rate.group(1)), float(high.group(1)) * UNITS[high.group(2)], int(count.group(1))


def row(context: Context) -> list[Result]:
    seconds = context.count(10, 2)
    results = []
    for count, path, target, target_high in ROWS:
        what = f"GET `{path}`, {count} process{'' if count == 1 else 'es'}, wrk with {CONNECTIONS} connections"
        wanted = f"≥ {target:,}/s".replace(",", " ") + (f", p99 ≤ {target_high} ms" if target_high else "")
        if shutil.which("wrk") is None:
            results.append(Result(what, "skipped: wrk is not installed (Debian package wrk)", "–", wanted, False))
            continue
        cells = Cells(f"{context.workspace.root}/request-marks", 3 * count)
        supervisor = Pup(context.workspace)
        supervisor.start(marks(context, cells, count))
        cells.wait(range(0, 3 * count, 3), 60, f"{count} programs")
        interface = Interface(supervisor)
        interface.wait()
        wrk(interface, path, 1)
        brain = supervisor.brain()
        used = machine.cpu_seconds(brain)
        rate, high, answered = wrk(interface, path, seconds)
        used = (machine.cpu_seconds(brain) - used) * 1e6 / answered
        supervisor.stop()
        passed = rate >= target and (target_high is None or high <= target_high)
        results.append(Result(what, f"{number(rate)}/s, p99 {number(high)} ms, {number(used)} µs of CPU each", f"{seconds} s", wanted, passed))
    return results
