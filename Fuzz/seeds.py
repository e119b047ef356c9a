#!/usr/bin/env python3
"""Fuzz/seeds.py TARGET FOLDER: writes the inputs of a binary format that a fuzzer starts from, the same ones each time.

They are made from the golden files of every release, so they cannot go stale. Targets without such files keep their inputs in Fuzz/TARGET.
"""

import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent
golden = root / "Tests/FormatTests/Golden"
ones = b"\xff" * 4


def releases(*names):
    """What each release wrote, by name."""
    for path in sorted(golden.glob("*/*.hex")):
        if path.stem in names or path.stem.split("-")[0] in names and not path.stem.startswith(("keeper-state", "keeper-memory")):
            yield f"{path.parent.name}-{path.stem}", bytes.fromhex("".join(path.read_text().split()))


def protocol():
    """Each kind of message: whole, cut off, and with a length that is wrong: its own, and the one that a text, list or record begins with."""
    for name, message in releases("brain", "keeper", "log"):
        yield name, message
        yield f"{name}-cut", message[: len(message) // 2]
        for place in (4, 8):
            if place + 4 <= len(message):
                yield f"{name}-length-{place}", message[:place] + ones + message[place + 4 :]


def plan():
    """Specifications: whole, with less in them, with one word of the header that points nowhere, cut off."""
    for name, whole in releases("spawn-specification"):
        header_size = int.from_bytes(whole[12:16], "little")

        def changed(words):
            result = bytearray(whole)
            for place, value in words.items():
                result[place : place + 4] = value.to_bytes(4, "little")
            return bytes(result)

        argv_count, env_count, open_files, oom = 80, 88, 56, 36
        yield name, whole
        yield f"{name}-one-argument", changed({argv_count: 1, env_count: 0})
        yield f"{name}-no-limits", changed({open_files: 0, oom: 0})
        yield f"{name}-plugin", changed({16: 1})
        yield f"{name}-later", changed({4: 2 | 1 << 16, 16: 1 << 20})
        yield f"{name}-cut", whole[: header_size + (len(whole) - header_size) // 2]
        yield f"{name}-unended", whole.rstrip(b"\0")
        for place in range(0, header_size, 4):
            yield f"{name}-word-{place}", changed({place: 0xFFFFFFFF})


made = {"protocol": protocol, "plan": plan}.get(sys.argv[1], lambda: ())
folder = pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for stale in folder.iterdir():
    stale.unlink()
for name, content in made():
    (folder / name).write_bytes(content)
