"""Pup and the others behind one interface: started with a list of programs, stopped, looked at."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from . import machine
from .workspace import Workspace


class Program:
    def __init__(self, name: str, arguments: list[str]):
        self.name = name
        self.arguments = arguments


class Supervisor:
    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.pid = 0

    def command(self, folder: str, programs: list[Program]) -> list[str]:
        """Writes what the supervisor reads, and says how it is started."""
        raise NotImplementedError

    def start(self, programs: list[Program]) -> int:
        """Returns the moment right before the start."""
        self.folder = self.workspace.folder(self.name)
        arguments = self.command(self.folder, programs)
        self.pid, before = self.workspace.spawn(arguments, self.environment(), os.path.join(self.folder, "output"))
        return before

    def environment(self) -> dict[str, str] | None:
        return None

    def stop(self, seconds: float = 60) -> int:
        """Returns how long it took, in nanoseconds."""
        return self.stop_and_wait(lambda: None, seconds)

    def stop_and_wait(self, programs_ended: Callable[[], None], seconds: float = 60) -> int:
        """`programs_ended` waits for the programs: not everyone does before going."""
        before = time.monotonic_ns()
        os.kill(self.pid, self.stop_signal)
        took = self.workspace.wait(self.pid, seconds) - before
        programs_ended()
        self.workspace.end_strays()
        shutil.rmtree(self.folder, ignore_errors=True)
        return took

    def own_processes(self) -> list[int]:
        """Everything that belongs to the supervisor and not to its programs."""
        return [pid for pid in machine.tree(self.pid) if not self.is_program(pid)]

    def is_program(self, pid: int) -> bool:
        try:
            return os.path.dirname(os.readlink(f"/proc/{pid}/exe")) == self.workspace.root
        except OSError:
            return True


class Pup(Supervisor):
    name = "Pup"
    binaries = os.environ.get("PUP_BIN", "")

    @classmethod
    def find(cls) -> str:
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        cls.binaries = os.path.abspath(cls.binaries or os.path.join(here, ".build/release"))
        return os.path.join(cls.binaries, "pup")

    @classmethod
    def install(cls, workspace: Workspace) -> None:
        """Copies the binaries: memory that is shared with another Pup on this machine would count for less."""
        target = workspace.programs_folder
        for name in ["pup", "pup-supervisor", "pup-keeper", "pup-init"]:
            shutil.copy(os.path.join(cls.binaries, name), target)
        cls.binaries = target

    @classmethod
    def executable(cls) -> str:
        return os.path.join(cls.binaries, "pup")

    def configuration(self, programs: list[Program]) -> dict:
        return {
            "logger": {"console": False, "maxBytes": 16 << 30, "totalMaxBytes": 32 << 30},
            "processes": [
                {"id": program.name, "cmd": shlex.join(program.arguments), "autostart": True, "restartDelayMs": 0}
                for program in programs
            ],
        }

    def command(self, folder, programs):
        with open(os.path.join(folder, "pup.json"), "w") as file:
            json.dump(self.configuration(programs), file)
        return [self.executable(), "run", "--config", os.path.join(folder, "pup.json")]

    def own_processes(self):
        # One pup-init a run, where there are no cgroups, counts as the run's.
        return [pid for pid in super().own_processes() if machine.name_of(pid) in ("pup-keeper", "pup-supervisor")]

    def brain(self) -> int:
        return next(pid for pid in self.own_processes() if machine.name_of(pid) == "pup-supervisor")

    def helpers(self) -> list[int]:
        return [pid for pid in super().own_processes() if machine.name_of(pid) == "pup-init"]

    def logs(self) -> str:
        return os.path.join(self.folder, ".pup/pup.json-data/logs")


class ServiceFolders(Supervisor):
    """s6 and runit: a folder of folders, each with a `run`."""

    def command(self, folder, programs):
        services = os.path.join(folder, "services")
        os.mkdir(services)
        for program in programs:
            service = os.path.join(services, program.name)
            os.mkdir(service)
            path = os.path.join(service, "run")
            with open(path, "w") as file:
                file.write(f"#!/bin/sh\nexec {shlex.join(program.arguments)}\n")
            os.chmod(path, 0o755)
        return self.scan(services, len(programs))

    def scan(self, services: str, count: int) -> list[str]:
        raise NotImplementedError


class S6(ServiceFolders):
    name = "s6"

    def scan(self, services, count):
        return ["s6-svscan", "-c", str(max(500, count + 10)), services]


class Runit(ServiceFolders):
    name = "runit"
    # SIGTERM would leave the services running.
    stop_signal = signal.SIGHUP

    def scan(self, services, count):
        return ["runsvdir", services]


class Supervisord(Supervisor):
    name = "supervisord"
    program: list[str] = []
    variables: dict[str, str] | None = None

    def command(self, folder, programs):
        path = os.path.join(folder, "supervisord.conf")
        with open(path, "w") as file:
            file.write(f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile={folder}/pid\nminfds=4096\n")
            for program in programs:
                file.write(
                    f"[program:{program.name}]\ncommand={shlex.join(program.arguments)}\nautorestart=true\nstartsecs=0\n"
                    "startretries=100000\nstdout_logfile=/dev/null\nstdout_logfile_maxbytes=0\n"
                    "stderr_logfile=/dev/null\nstderr_logfile_maxbytes=0\n"
                )
        return [*self.program, "-c", path]

    def environment(self):
        return self.variables


def available(workspace: Workspace) -> tuple[list[type[Supervisor]], list[str]]:
    """The others that can be measured here, and a word for each that cannot."""
    found: list[type[Supervisor]] = []
    words = []
    if shutil.which("supervisord"):
        Supervisord.program = ["supervisord"]
        found.append(Supervisord)
    else:
        target = os.path.join(workspace.root, "supervisor")
        result = subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--target", target, "--no-input", "supervisor"], capture_output=True
        )
        if result.returncode == 0:
            Supervisord.program = [sys.executable, "-m", "supervisor.supervisord"]
            Supervisord.variables = {**os.environ, "PYTHONPATH": target, "PYTHONWARNINGS": "ignore"}
            found.append(Supervisord)
        else:
            words.append("supervisord is not installed and could not be had from PyPI")
    for kind, program in [(S6, "s6-svscan"), (Runit, "runsvdir")]:
        if shutil.which(program):
            found.append(kind)
        else:
            words.append(f"{kind.name} is not installed (Debian package {kind.name})")
    return found, words
