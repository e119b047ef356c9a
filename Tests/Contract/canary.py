"""Values of environment variables, tokens and the secret are in no answer, event, metric, log or file."""

import os
import subprocess
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from client import Client
from instance import BINARIES, CANARY, Instance, command, eventually

IDS = ("web", "talker", "job", "pair", "pair-1", "core", "nobody")


def canary():
    with Instance() as pup:
        found = Collector()
        secrets = {"the environment's value": CANARY.encode(), "the secret": pup.secret}
        stream = Stream(pup, found)
        socket = Socket(pup, found)
        made = pup.ask("POST", "/tokens", {"consumer": "canary", "scopes": ["read", "logs"], "expiresIn": 600})
        assert made.status == 201
        add(secrets, "the administrator's token", pup.admin)
        add(secrets, "an issued token", made.data["token"])
        add(secrets, "a program's token", program_token(pup))
        dead = pup.token(consumer="expired", seconds=-3600)
        add(secrets, "an expired token", dead)

        routes = [item for item in pup.ask("GET", "/openapi.json").json["paths"].items()]
        for path, item in routes:
            for name in IDS if "{id}" in path else ("x",):
                if "get" in item and path not in ("/events", "/wss"):
                    found.add(f"GET {path}", pup.ask("GET", path.replace("{id}", name)).raw)
        for name in ("web", "job", "talker"):
            for action in ("stop", "start", "block", "start", "unblock", "restart"):
                found.add(f"POST {action}", pup.ask("POST", f"/processes/{name}/{action}?wait=20").raw)
        misuse(pup, found, made.data["token"], dead)
        found.add("POST /tokens/revoke", pup.ask("POST", "/tokens/revoke", {"id": made.data["id"]}).raw)
        for path in ("/processes", "/state", "/tokens", "/metrics", "/processes/web/history", "/logs", "/processes/core/logs?nRows=1000"):
            answer = pup.ask("GET", path)
            assert answer.status == 200, (path, answer)
            found.add(f"GET {path}, later", answer.raw)
        commands(pup, found)
        eventually("the streams have seen it", lambda: stream.has(b'"job"') and socket.has(b'"job"'))
        stream.stop()
        socket.stop()
        for pid, _ in pup.tree() | {(pup.keeper.pid, "")}:
            if command(pid).startswith("pup"):
                found.add(f"the command line of {command(pid)}", read(f"/proc/{pid}/cmdline"))
        files(pup, found)
        pup.stop()
        files(pup, found)
        count, size = found.judge(secrets)
        print(f"{len(secrets)} secrets and parts of them: in none of {count} answers, streams and files ({size / 1e6:.1f} MB)")


def add(secrets, name, token):
    secrets[name] = token.encode()
    # A part of it would do as well.
    secrets[f"the signature of {name}"] = token.rpartition(".")[2].encode()


class Collector:
    """Whatever could be read by somebody, and where."""

    def __init__(self):
        self.places = []

    def add(self, place, data):
        self.places.append((place, data))

    def judge(self, secrets):
        places = sorted({f"{name} is in {place}" for place, data in self.places for name, secret in secrets.items() if secret in data})
        assert not places, "\n".join(places)
        return len(self.places), sum(len(data) for _, data in self.places)


class Stream(threading.Thread):
    """GET /events with everything."""

    def __init__(self, pup, found):
        super().__init__(daemon=True)
        self.found = found
        self.client = Client(port=pup.port, timeout=1)
        names = "log,init,process_status_changed,process_flag_changed,process_scheduled,process_watch,process_telemetry,ipc,watchdog,application_state"
        self.client.send(
            f"GET /events?types={names}&lastEventId=0-0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {pup.admin}\r\n\r\n".encode())
        self.ends = False
        self.start()

    def run(self):
        while not self.ends:
            try:
                if not self.client.receive():
                    return
            except TimeoutError:
                pass

    def has(self, text):
        return text in self.client.buffer

    def stop(self):
        self.ends = True
        self.join(5)
        self.client.close()
        self.found.add("GET /events", self.client.buffer)


class Socket(threading.Thread):
    """GET /wss."""

    def __init__(self, pup, found):
        super().__init__(daemon=True)
        self.found, self.data = found, b""
        self.socket = connect(f"ws://127.0.0.1:{pup.port}/wss", additional_headers={"Authorization": f"Bearer {pup.admin}"}, close_timeout=1)
        self.start()

    def run(self):
        try:
            while True:
                self.data += self.socket.recv(decode=False) + b"\n"
        except ConnectionClosed:
            pass

    def has(self, text):
        return text in self.data

    def stop(self):
        self.socket.close()
        self.join(5)
        self.found.add("GET /wss", self.data)


def program_token(pup):
    """The token in the environment of a managed program."""
    pid = next(entry["status"]["pid"] for entry in pup.ask("GET", "/processes").data if entry["status"]["id"] == "web")
    variables = dict(part.partition(b"=")[::2] for part in read(f"/proc/{pid}/environ").split(b"\0"))
    assert variables[b"SECRET_CANARY"] == CANARY.encode(), "the program has its environment"
    return variables[b"PUP_API_TOKEN"].decode()


def misuse(pup, found, token, dead):
    """Tokens where none belong, and all sorts of errors."""
    requests = [
        ("GET", f"/processes?token={token}", []), ("GET", f"/{token}", []), ("GET", f"/processes/{token}", []),
        ("GET", f"/{pup.admin}", []), ("POST", f"/processes/{pup.admin}/start", []), ("GET", f"/processes/{token}/logs", []), ("GET", f"/processes/web/logs?severity={token}", []),
        ("GET", f"/logs?nRows={token}", []), ("GET", f"/logs?processId={token}", []), ("GET", f"/events?types={token}", []),
        (f"{token[:40].replace('.', '')}", "/processes", []), ("POST", f"/processes/web/{token}", []),
        ("GET", "/processes", [f"Authorization: Basic {token}"]), ("GET", "/processes", [f"Authorization: {token}"]),
        ("GET", "/processes", [f"Authorization: Bearer {dead}"]), ("GET", "/processes", [f"Authorization: Bearer {token}x"]),
        ("GET", "/events", [f"Authorization: Bearer {token}", f"Last-Event-ID: {token}"]),
        ("GET", "/healthz", [f"Host: {token[:60]}.example"]), ("GET", "/healthz", [f"X-Request-Id: {token}"]),
        ("GET", "/healthz", [f"Origin: http://{token}"]), ("GET", "/healthz", [f"Cookie: token={token}"]),
    ]
    for method, path, headers in requests:
        for bearer in (None, pup.admin):
            if path.startswith("/events") and bearer or any(header.startswith("Host") for header in headers) and bearer:
                continue
            with pup.network() as client:
                has_own = any(header.startswith("Authorization") for header in headers)
                found.add(f"{method[:8]} {path[:20]}", client.request(method, path, None if has_own else bearer, None, headers).raw)
    for body in ({"consumer": 7, "token": token}, {"consumer": "x", "scopes": [token]}, {"consumer": "cli"}, [token], token):
        found.add("POST /tokens", pup.ask("POST", "/tokens", body).raw)
        found.add("POST /log", pup.ask("POST", "/log", {"plugin": token, "severity": token, "message": 1}).raw)
    with pup.network() as client:
        client.send(b"GET /healthz\r\n" + token.encode() + b"\r\n\r\n")
        found.add("what is no request", client.answer().raw)


def commands(pup, found):
    """What the command line shows of a running instance."""
    for words in (
        ["status"], ["status", "--json"], ["logs", "-n", "1000"], ["history", "web"], ["why", "web"], ["token", "list"], ["start", "nobody"]):
        result = subprocess.run(
            [BINARIES / "pup", *words, "--config", "pup.json"], cwd=pup.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=30)
        assert result.returncode == 0 or "nobody" in words, result.stdout.decode()
        found.add(f"pup {' '.join(words)}", result.stdout)


def files(pup, found):
    """The log store, the database, the state, the console: everything but the configuration and the secret's own file."""
    for root, _, names in os.walk(pup.folder):
        for name in names:
            path = os.path.join(root, name)
            if name not in ("pup.json", ".main.secret", "api.sock"):
                found.add(os.path.relpath(path, pup.folder), read(path))


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
