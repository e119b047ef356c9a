"""From a request to its effect, and from an effect to whoever listens."""

import time

from ..cells import Cells
from ..context import Context
from ..interface import Interface
from ..result import Result
from ..statistics import median, number, percentile
from ..supervisors import Program, Pup
from .start import marks


def restart(context: Context) -> list[Result]:
    """The program obeys SIGTERM at once; the answer comes when the next one runs."""
    runs = context.count(101, 21)
    cells = Cells(f"{context.workspace.root}/restart-marks", 3)
    supervisor = Pup(context.workspace)
    supervisor.start(marks(context, cells, 1))
    cells.wait([0], 60, "the program")
    interface = Interface(supervisor)
    interface.wait()
    connection, headers = interface.connection(), interface.headers()
    times = []
    for _ in range(runs):
        cells.clear()
        before = time.monotonic_ns()
        connection.request("POST", "/processes/p000/restart?wait=30", headers=headers)
        body = connection.getresponse().read()
        times.append((time.monotonic_ns() - before) / 1e6)
        if b'"done"' not in body:
            raise RuntimeError(f"restart: {body[:200]!r}")
        # SIGTERM before it can take one would end the program by the default action; that is no shorter.
        cells.wait([0], 10, "the next program")
    supervisor.stop()
    middle = median(times)
    return [
        Result(
            "restart of a program that obeys SIGTERM, `?wait`: request to answer (median / p99)",
            f"{number(middle)} / {number(percentile(times, 0.99))} ms", str(runs), "≤ 8 ms", middle <= 8,
        )
    ]


def events(context: Context) -> list[Result]:
    """A program leaves the moment of its death; the reader takes that of the event's arrival."""
    runs = context.count(400, 100)
    cells = Cells(f"{context.workspace.root}/event-cells", 2 + 2 * (runs + 2))
    supervisor = Pup(context.workspace)
    # Lives long enough that the listener is there before the first one dies.
    supervisor.start([Program("p", [context.workspace.program("crash"), cells.path, "20000"])])
    interface = Interface(supervisor)
    interface.wait()
    connection = interface.connection()
    connection.request("GET", "/events?types=process_status_changed", headers=interface.headers())
    reader = connection.getresponse()
    arrivals: list[int] = []
    buffer = b""
    end = time.monotonic() + 60 + runs
    while len(arrivals) < runs and time.monotonic() < end:
        data = reader.read1(65536)
        moment = time.monotonic_ns()
        if not data:
            raise RuntimeError("the stream ended")
        buffer += data
        *blocks, buffer = buffer.split(b"\n\n")
        arrivals += [moment for block in blocks if b'"newState":"failed"' in block]
    connection.close()
    deaths = [cells[2 + 2 * instance + 1] for instance in range(runs + 1)]
    supervisor.stop()
    # Some may have died before somebody listened.
    times = []
    for moment in arrivals:
        earlier = [death for death in deaths if 0 < death <= moment]
        if earlier:
            times.append((moment - earlier[-1]) / 1e6)
    middle = median(times)
    return [
        Result(
            "a program's death to the event at a subscriber of `/events` (median / p99)",
            f"{number(middle)} / {number(percentile(times, 0.99))} ms", str(len(times)), "≤ 1 ms", middle <= 1,
        )
    ]
