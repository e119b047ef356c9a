"""A client of GET /wss that was written from the contract alone: frames {"t": event, "d": payload}, actions over REST."""

import json
import queue
import re
import threading
import time

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from instance import Instance, eventually

WORDS = {
    "created": 0, "starting": 100, "running": 200, "stopping": 250, "finished": 300, "failed": 400, "exhausted": 450, "mixed": 500}
STATE = {
    "pid", "version", "status", "updated", "started", "memory", "port", "systemMemory", "loadAvg", "osUptime", "osRelease",
    "runtime", "type", "processes"}
SYSTEM_MEMORY = {"total", "free", "available", "buffers", "cached", "swapTotal", "swapFree"}
LINE = {"severity", "category", "text", "processId", "timeStamp"}
STATUS = {"id", "status", "blocked", "restarts", "updated", "type"}
ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
FRAME = re.compile(r'^\{"t":"([a-z_]+)"(?:,"d":(.*))?\}$', re.DOTALL)
STRING = re.compile(r'"(\\.|[^"\\])*"')
BLANK = re.compile(r"\s")
WAIT = 20


class Session:
    """An open WebSocket and the frames that have come."""

    def __init__(self, pup, token):
        self.socket = connect(
            f"ws://127.0.0.1:{pup.port}/wss", additional_headers={"Authorization": f"Bearer {token}"}, open_timeout=WAIT,
            close_timeout=1, compression=None, ping_interval=None)
        self.frames = queue.Queue()
        self.count = 0
        self.closed = None
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.thread.join(WAIT)

    def read(self):
        try:
            while True:
                text = self.socket.recv(decode=False)
                self.count += 1
                self.frames.put(text)
        except ConnectionClosed as end:
            self.closed = end.rcvd
            self.frames.put(None)

    def send(self, event, payload):
        self.socket.send(json.dumps({"t": event, "d": payload}))

    def wait(self, event, check=lambda payload: True, seconds=WAIT):
        """The payload of the next such frame; the bytes of all frames are checked on the way."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            try:
                text = self.frames.get(timeout=max(left, 0.01))
            except queue.Empty:
                raise AssertionError(f"no frame {event} within {seconds} s") from None
            assert text is not None, f"closed ({self.closed}) before a frame {event}"
            found = FRAME.match(text.decode())
            assert found, f"not {{\"t\":…,\"d\":…}}: {text[:120]}"
            # A few events have no payload, and then no "d".
            payload = json.loads(found.group(2)) if found.group(2) else None
            assert json.loads(text) == {"t": found.group(1)} | ({"d": payload} if found.group(2) else {})
            assert not BLANK.search(STRING.sub("", text.decode())), f"blanks between the parts: {text[:120]}"
            if found.group(1) == event and check(payload):
                return payload

    def wait_closed(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.frames.get(timeout=0.1) is None:
                    return self.closed.code if self.closed else None
            except queue.Empty:
                pass
        raise AssertionError(f"not closed within {seconds} s")


def refused(pup, headers):
    try:
        with connect(f"ws://127.0.0.1:{pup.port}/wss", additional_headers=headers, open_timeout=WAIT):
            raise AssertionError("the handshake was accepted")
    except InvalidStatus as refusal:
        return refusal.response.status_code, json.loads(refusal.response.body)["error"]


def check_status(status):
    assert STATUS <= set(status), status
    assert all(ISO.match(status[key]) for key in ("updated", "started", "exited") if key in status), status


def changed(name, word):
    """A process_status_changed of `name` to `word`."""

    def check(payload):
        if payload["processId"] != name or payload["newState"] != word:
            return False
        assert {"old", "new", "status", "processId", "oldState", "newState"} == set(payload), payload
        assert payload["new"] == WORDS[word] == payload["status"]["status"], payload
        assert payload["old"] is None and payload["oldState"] is None or payload["old"] == WORDS[payload["oldState"]], payload
        assert payload["status"]["id"] == name
        check_status(payload["status"])
        return True

    return check


def websocket():
    with Instance() as pup:
        handshake(pup)
        with Session(pup, pup.admin) as session:
            broadcasts(pup, session)
            actions(pup, session)
            messages(pup, session)
            frames = session.count
        print(f"handshake, broadcasts, every action, messages: {frames} frames, each byte for byte {{\"t\":…,\"d\":…}}")
        tokens(pup)


def handshake(pup):
    assert refused(pup, {}) == (401, "Authorization header required")
    assert refused(pup, {"Authorization": "Bearer x.y.z"}) == (401, "Invalid token")
    assert refused(pup, {"Authorization": f"Bearer {pup.token(seconds=-3600)}"}) == (401, "Invalid/expired token")
    assert refused(pup, {"Authorization": f"Bearer {pup.token(scopes=['control'])}"})[0] == 403
    assert pup.ask("GET", "/wss").status == 426


def broadcasts(pup, session):
    assert session.wait("watchdog") is None
    state = session.wait("application_state")
    assert STATE <= set(state) and SYSTEM_MEMORY <= set(state["systemMemory"]), state
    assert state["type"] == "main" and len(state["loadAvg"]) == 3 and state["port"] == pup.port, state
    assert ISO.match(state["started"]) and ISO.match(state["updated"])
    assert {"web", "talker", "job"} <= {status["id"] for status in state["processes"]}
    for status in state["processes"]:
        check_status(status)
    line = session.wait("log", lambda line: line["processId"] == "talker")
    assert set(line) == LINE and line["text"] == "a line" and line["category"] == "stdout", line
    assert abs(line["timeStamp"] - time.time() * 1000) < 60_000, line
    answer = pup.ask("POST", "/log", {"severity": "warn", "plugin": "contract", "message": "grüße \"\\\u2028"})
    assert answer.status == 201, answer
    line = session.wait("log", lambda line: line["category"] == "api-contract")
    assert (line["severity"], line["text"], line["processId"]) == ("warn", "grüße \"\\\u2028", "core"), line


def actions(pup, session):
    def act(name, action, query=""):
        answer = pup.ask("POST", f"/processes/{name}/{action}{query}")
        assert answer.status == 200 and answer.data["success"] is True, answer
        return answer.data

    act("talker", "stop")
    session.wait("process_status_changed", changed("talker", "stopping"))
    stopped = session.wait("process_status_changed", changed("talker", "finished"))
    assert stopped["oldState"] == "stopping", stopped
    act("talker", "start", "?wait=20")
    session.wait("process_status_changed", changed("talker", "starting"))
    running = session.wait("process_status_changed", changed("talker", "running"))
    act("talker", "restart", "?wait=20")
    session.wait("process_status_changed", changed("talker", "finished"))
    again = session.wait("process_status_changed", changed("talker", "running"))
    assert again["status"]["pid"] != running["status"]["pid"], again
    act("talker", "block")
    session.wait("application_state", lambda state: blocked(state, "talker"))
    assert act("talker", "block")["outcome"] == "unchanged", "asked twice"
    act("talker", "stop", "?wait=20")
    session.wait("process_status_changed", changed("talker", "finished"))
    refusal = pup.ask("POST", "/processes/talker/start")
    assert refusal.status == 409 and "block" in refusal.json["error"], refusal
    act("talker", "unblock")
    session.wait("application_state", lambda state: not blocked(state, "talker"))
    act("talker", "start", "?wait=20")
    session.wait("process_status_changed", changed("talker", "running"))
    act("job", "start")
    session.wait("process_status_changed", lambda payload: payload["processId"] == "job" and payload["newState"] == "failed"
                 and payload["new"] == 400 and payload["status"]["code"] == 3)
    for action in ("stop", "start", "restart", "block", "unblock"):
        act("all", action, "?wait=30")
        assert pup.ask("POST", f"/processes/nobody/{action}").status == 404


def blocked(state, name):
    return next(status["blocked"] for status in state["processes"] if status["id"] == name)


def messages(pup, session):
    program = pup.token(consumer="telemetry-web", scopes=["telemetry", "ipc", "log"])
    for data in ({"a": [1, "ü", None]}, 0, False, "", None):
        body = {"target": "talker", "event": "hello", "eventData": data, "sender": "somebody else"}
        assert pup.ask("POST", "/ipc", body, token=program).status == 200
        frame = session.wait("ipc")
        assert frame == {"sender": "telemetry-web", "target": "talker", "event": "hello", "eventData": data}, frame
    report = {
        "sender": "web", "memory": {"external": 1, "heapTotal": 4096, "heapUsed": 2048, "rss": 8192}, "sent": "2026-01-01T00:00:00.000Z",
        "cwd": "/"}
    assert pup.ask("POST", "/telemetry", report, token=program).status == 200
    assert session.wait("process_telemetry") == report
    entry = next(entry for entry in pup.ask("GET", "/processes").data if entry["status"]["id"] == "web")
    assert entry["status"]["telemetry"] == report, entry
    assert pup.ask("POST", "/processes/web/stop", token=program).status == 403


def tokens(pup):
    # A minute of slack for clocks: these are good for three seconds still. The first has a consumer of its own: a newer token would prolong it.
    with Session(pup, pup.token(seconds=-57, consumer="leaving")) as left, Session(pup, pup.token(seconds=-57)) as stays:
        stays.send("auth", {"token": "x.y.z"})
        assert stays.wait("auth") == {"success": False, "error": "Invalid token"}
        stays.send("auth", {"token": pup.token(consumer="somebody else")})
        assert stays.wait("auth")["success"] is False
        stays.send("auth", {"token": pup.admin})
        assert stays.wait("auth") == {"success": True}
        began = time.monotonic()
        assert left.wait_closed(10) == 4401
        expired = time.monotonic() - began
        for _ in range(3):
            stays.wait("watchdog")
    print(f"token ended: closed with 4401 after {expired:.1f} s; re-authenticated in place: goes on")

    made = pup.ask("POST", "/tokens", {"consumer": "panel", "scopes": ["read"], "expiresIn": 600})
    assert made.status == 201, made
    with Session(pup, made.data["token"]) as one, Session(pup, pup.token(consumer="Other")) as other, Session(pup, pup.admin) as third:
        began = time.monotonic()
        assert pup.ask("POST", "/tokens/revoke", {"id": made.data["id"]}).status == 200
        assert pup.ask("POST", "/tokens/revoke", {"consumer": " other "}).status == 200
        assert one.wait_closed(10) == 4401 and other.wait_closed(10) == 4401
        revoked = time.monotonic() - began
        third.wait("watchdog")
        text = {event for event in ("log", "ipc") if any(f'"t":"{event}"'.encode() in (f or b"") for f in list(one.frames.queue))}
        assert not text, f"a token for reading was sent {text}"
    assert refused(pup, {"Authorization": f"Bearer {made.data['token']}"}) == (401, "Revoked token")
    print(f"revoked by id and by consumer: closed with 4401 after {revoked:.1f} s")

    with Session(pup, pup.admin) as session:
        pong = session.socket.ping(b"contract")
        assert pong.wait(WAIT), "a ping is answered"
        session.socket.send(b"\x00\xff" * 100)
        session.socket.send("no JSON")
        session.socket.send(["frag", "ments ", "of nothing"])
        session.wait("watchdog")
        session.socket.send("x" * 100_000)
        assert session.wait_closed(10) == 1009, session.closed
    print("ping is answered, what is no message is passed over, a message of 100 kB ends the session with 1009")
