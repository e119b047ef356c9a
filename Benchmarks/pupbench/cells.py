"""The file of 64-bit cells that driver and measured programs share."""

import mmap
import os
import struct
import time


class Cells:
    def __init__(self, path: str, count: int):
        self.path = path
        self.count = count
        with open(path, "wb") as file:
            file.truncate(count * 8)
        file = os.open(path, os.O_RDWR)
        self.memory = mmap.mmap(file, count * 8)
        os.close(file)

    def __getitem__(self, index: int) -> int:
        return struct.unpack_from("<q", self.memory, index * 8)[0]

    def all(self) -> list[int]:
        return list(struct.unpack_from(f"<{self.count}q", self.memory, 0))

    def clear(self) -> None:
        self.memory[:] = bytes(self.count * 8)

    def wait(self, indices, seconds: float, what: str, every: float = 0.0005) -> None:
        """Until none of the cells is 0. The moments are in the cells, so that looking now and then costs no precision; each look takes a processor
        from what is measured, though."""
        end = time.monotonic() + seconds
        for index in indices:
            while self[index] == 0:
                if time.monotonic() > end:
                    raise TimeoutError(f"{what}: cell {index} is still empty after {seconds} s")
                time.sleep(every)
