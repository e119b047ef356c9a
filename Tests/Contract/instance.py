"""A real Pup in a temporary folder: started, asked, and ended without a trace."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from client import Client

BINARIES = pathlib.Path(os.environ.get("PUP_BIN", pathlib.Path(__file__).parents[2] / ".build/release"))

CANARY = "canary-3f9d1c77-must-not-be-seen"

PROCESSES = [
    {"id": "web", "cmd": "sleep 100000", "autostart": True, "env": {"SECRET_CANARY": CANARY}},
    {"id": "talker", "cmd": "while :; do echo a line; sleep 1; done", "autostart": True, "terminateTimeout": 5},
    {"id": "job", "cmd": "exit 3", "cron": "0 0 1 1 *", "timeout": 30},
    {"id": "pair", "cmd": "sleep 100000", "autostart": True, "cluster": {"instances": 2}},
]


def eventually(what, check, seconds=20.0):
    """Waits until `check()` is true; an outer bound for what is awaited by asking."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class Instance:
    """`with Instance() as pup:`; ends every process that it has started."""

    def __init__(self, processes=PROCESSES, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pup-contract-"))
        configuration = {"name": "contract", "processes": processes, **settings}
        (self.folder / "pup.json").write_text(json.dumps(configuration))
        self.data = self.folder / ".pup/pup.json-data"
        self.socket = str(self.folder / ".pup/pup.json-tmp/api.sock")
        self.console = self.folder / "console.txt"
        self.seen = set()

    def __enter__(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PUP_")}
        with open(self.console, "wb") as output:
            self.keeper = subprocess.Popen(
                [BINARIES / "pup", "run", "--config", "pup.json"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        try:
            eventually("pup run is ready", self.is_ready)
            self.port = int((self.folder / ".pup/pup.json-tmp/.main.port").read_text())
            self.secret = (self.data / ".main.secret").read_bytes().strip()
            self.admin = self.token()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, failure, *_):
        self.stop()
        if failure:
            print(f"kept for inspection: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        """Ends `pup run` and whatever it should have ended itself, which is an error then."""
        self.seen |= self.tree()
        if self.keeper.poll() is None:
            self.keeper.send_signal(signal.SIGTERM)
        try:
            self.keeper.wait(40)
        except subprocess.TimeoutExpired:
            self.seen |= self.tree()
            self.keeper.kill()
            self.keeper.wait()
        left = {(pid, start) for pid, start in self.seen if start_time(pid) == start}
        for pid, _ in left:
            os.kill(pid, signal.SIGKILL)
        self.seen.clear()
        assert not left, f"{len(left)} processes outlived pup run"

    def is_ready(self):
        if self.keeper.poll() is not None:
            raise AssertionError(f"pup run has ended: {self.console.read_text()}")
        try:
            with self.local() as client:
                return client.request("GET", "/readyz").status == 200
        except OSError:
            return False

    # -- processes

    def tree(self):
        """(pid, start time) of everything below the keeper."""
        parents = {}
        for entry in os.listdir("/proc"):
            stat = stat_fields(entry) if entry.isdigit() else None
            if stat:
                parents.setdefault(int(stat[1]), []).append((int(entry), stat[19]))
        found, pending = set(), [self.keeper.pid]
        while pending:
            for pid, start in parents.get(pending.pop(), []):
                found.add((pid, start))
                pending.append(pid)
        return found

    def brain(self):
        """The pid of the supervisor, a child of the keeper; None while there is none."""
        for pid, _ in self.tree():
            stat = stat_fields(pid)
            if stat and int(stat[1]) == self.keeper.pid and stat[0] != "Z" and command(pid) == "pup-supervisor":
                return pid
        return None

    # -- clients

    def local(self):
        return Client(path=self.socket)

    def network(self):
        return Client(port=self.port)

    def ask(self, method, path, body=None, token=None):
        """The answer to one request over TCP, by an administrator."""
        with self.network() as client:
            return client.request(method, path, token=token or self.admin, body=body)

    def token(self, consumer="contract", seconds=3600, secret=None, token_id=None, scopes=None):
        """A token as the contract describes it, made from the secret alone."""
        claims = {"data": {"consumer": consumer}, "exp": int(time.time()) + seconds}
        if scopes is not None:
            claims["scopes"] = scopes
        if token_id:
            claims["jti"] = token_id
        text = b".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS512", "typ": "JWT"}, claims))
        signature = hmac.new(secret or self.secret, text, hashlib.sha512).digest()
        return (text + b"." + encode(signature)).decode()


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def stat_fields(pid):
    """The fields of /proc/PID/stat behind the name; None where there is no such process."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def start_time(pid):
    stat = stat_fields(pid)
    return stat[19] if stat and stat[0] != "Z" else None


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
