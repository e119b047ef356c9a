"""Reading configurations."""

import json
import os

from ..context import Context
from ..result import Result
from ..statistics import median, number
from ..supervisors import Pup


def configuration(count: int) -> dict:
    """Processes with the keys that people use."""
    return {
        "name": "bench",
        "terminateTimeout": 10,
        "logger": {"internalLogHours": 24},
        "processes": [
            {
                "id": f"service-{index:04}",
                "cmd": f"sleep {1000 + index}" if index % 3 else f"cd / && sleep {1000 + index} | cat",
                "env": {"PORT": str(8000 + index), "MODE": "production"},
                "restartDelayMs": 1000,
                "restartLimit": 10,
                **({"cron": f"{index % 60} {index % 24} * * 1-5", "timeout": 600} if index % 4 == 0 else {"autostart": True}),
                "logger": {"console": False},
            }
            for index in range(count)
        ],
    }


def row(context: Context) -> list[Result]:
    results = []
    runs = context.count(31, 5)
    for count in (100, 1000):
        folder = context.workspace.folder("check")
        path = os.path.join(folder, "pup.json")
        with open(path, "w") as file:
            json.dump(configuration(count), file, indent=2)
        times = []
        for _ in range(runs):
            pid, before = context.workspace.spawn([Pup.executable(), "check", "--config", path])
            times.append((context.workspace.wait(pid, 60) - before) / 1e6)
        size = os.path.getsize(path) // 1000
        results.append(Result(f"`pup check`, {count} processes ({size} kB)", f"{number(median(times))} ms", str(runs)))
    return results
