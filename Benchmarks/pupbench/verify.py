"""Whether every numbered line is stored once and in order."""

import os
import time


def stored_lines(folder: str, expected: int, seconds: float = 60) -> None:
    """Waits until `expected` lines are in the segments of `folder`, and checks their numbers."""
    end = time.monotonic() + seconds
    while True:
        size = 0
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
    """Counts whole lines, and those that do not carry the number that follows. A line that came in pieces (`stdout+`, `+stdout`) is joined."""
    count = mistakes = 0
    begun = b""
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            for line in file:
                _, _, category, text = line.split(b" ", 3)
                # What Pup says of the process stands beside what the process says.
                if category.strip(b"+") != b"stdout":
                    continue
                if category.startswith(b"+"):
                    text = begun + text
                if category.endswith(b"+"):
                    begun = text[:-1]
                    continue
                if len(text) != 100 or text[:10] != b"%010d" % count:
                    mistakes += 1
                count += 1
    return count, mistakes
