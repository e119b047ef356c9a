"""Whether every numbered line is stored once and in order."""

import os
import time


def stored_lines(folder: str, expected: int, seconds: float = 60) -> None:
    """Waits until `expected` lines are in the segments of `folder`, and checks their numbers."""
    end = time.monotonic() + seconds
    while True:
        size, count, mistakes = 0, 0, 0
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            size += os.path.getsize(os.path.join(folder, name))
        if size >= expected * 100 or time.monotonic() > end:
            break
        time.sleep(0.05)
    while True:
        count, mistakes = scan(folder)
        if count >= expected or time.monotonic() > end:
            break
        time.sleep(0.05)
    if count != expected or mistakes:
        raise RuntimeError(f"{folder}: {count} of {expected} lines are stored, {mistakes} out of order")


def scan(folder: str) -> tuple[int, int]:
    count = mistakes = 0
    prefix = len("2026-11-21T08:15:30.123456Z log stdout ")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            for line in file:
                # The category of a line that came in pieces carries a plus.
                try:
                    number = int(line[prefix : prefix + 10])
                except ValueError:
                    mistakes += 1
                    continue
                if number != count:
                    mistakes += 1
                count += 1
    return count, mistakes
