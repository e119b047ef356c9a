"""What the machine is, what it is doing, and what processes on it use."""

import os
import platform
import time


def describe() -> str:
    model = "unknown CPU"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def load() -> float:
    return os.getloadavg()[0]


def wait_until_quiet(limit: float, seconds: float) -> float:
    """Waits until the load is below `limit`, for at most so long. Returns the load."""
    end = time.monotonic() + seconds
    while load() >= limit and time.monotonic() < end:
        time.sleep(1)
    return load()


def children_of(pid: int) -> list[int]:
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:
        pass
    return found


def tree(pid: int) -> list[int]:
    """`pid` and everything below it."""
    found = [pid]
    for member in found:
        found += children_of(member)
    return found


def name_of(pid: int) -> str:
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def proportional_bytes(pid: int) -> int:
    """PSS: private memory, and its part of what is shared."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def cpu_seconds(pid: int) -> float:
    """What all threads of a process have run, exactly where the kernel counts nanoseconds."""
    total = 0
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                total += int(file.read().split()[0])
        return total / 1e9
    except (OSError, IndexError):
        pass
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0
