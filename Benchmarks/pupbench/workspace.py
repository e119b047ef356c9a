"""A temporary folder on tmpfs, the programs that are measured, and everything that was started: all of it is gone at the end."""

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

from . import machine

SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "children")
PROGRAMS = ["mark", "crash", "flood", "makelog", "ticker", "subscribers"]


class Workspace:
    def __init__(self):
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = tempfile.mkdtemp(prefix="pup-bench.", dir=parent)
        self.programs_folder = os.path.join(self.root, "bin")
        os.mkdir(self.programs_folder)
        self.started: list[int] = []
        self.counter = 0

    def compile(self) -> None:
        compiler = next((name for name in ["cc", "gcc", "clang"] if shutil.which(name)), None)
        if compiler is None:
            raise RuntimeError("a C compiler (cc) is needed for the programs that are measured")
        for name in PROGRAMS:
            source = os.path.join(SOURCES, name + ".c")
            subprocess.run([compiler, "-std=gnu11", "-O2", "-static", "-o", self.program(name), source], check=True)

    def program(self, name: str) -> str:
        return os.path.join(self.root, name)

    def folder(self, name: str) -> str:
        """A new one each time."""
        self.counter += 1
        path = os.path.join(self.root, f"{self.counter}-{name}")
        os.mkdir(path)
        return path

    def spawn(self, arguments: list[str], environment: dict[str, str] | None = None, output: str = "/dev/null") -> tuple[int, int]:
        """Starts a supervisor in a session of its own. Returns its pid and the moment right before it was asked for."""
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        variables = dict(os.environ if environment is None else environment)
        path = shutil.which(arguments[0]) or arguments[0]
        before = time.monotonic_ns()
        pid = os.posix_spawn(path, arguments, variables, file_actions=actions, setsid=True)
        self.started.append(pid)
        return pid, before

    def warm(self, size: int) -> None:
        """Touches so much memory and gives it back. A virtual machine may have handed it to its host, and getting it again costs many times what is
        measured."""
        path = os.path.join(self.root, "warm")
        block = bytes(1 << 20)
        with open(path, "wb") as file:
            for _ in range(size >> 20):
                file.write(block)
        os.remove(path)

    def wait(self, pid: int, seconds: float) -> int:
        """Until the process has ended; returns the moment. After `seconds` it is killed, with what is below it."""
        descriptor = os.pidfd_open(pid)
        try:
            if not select.select([descriptor], [], [], seconds)[0]:
                self.kill(pid)
                raise TimeoutError(f"process {pid} did not end within {seconds} s")
            moment = time.monotonic_ns()
            os.waitpid(pid, 0)
        finally:
            os.close(descriptor)
        self.started.remove(pid)
        return moment

    def kill(self, pid: int) -> None:
        for member in machine.tree(pid):
            try:
                os.kill(member, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def end(self) -> None:
        for pid in list(self.started):
            self.kill(pid)
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
        self.end_strays()
        shutil.rmtree(self.root, ignore_errors=True)

    def end_strays(self) -> int:
        """Ends what still runs from this folder: its programs belong to nobody else."""
        count = 0
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                program = os.readlink(f"/proc/{entry}/exe")
                if program.startswith(self.root + "/"):
                    os.kill(int(entry), signal.SIGKILL)
                    count += 1
            except OSError:
                continue
        return count
