"""HTTP/1.1 over a socket, byte by byte: what a library would tidy up is sent as it is."""

import dataclasses
import json
import socket
import time


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    raw: bytes = b""

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]


class Client:
    """One connection. Every wait ends after `timeout` seconds."""

    def __init__(self, port=None, path=None, timeout=20.0):
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(path)
        else:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        """More bytes; b"" at the end of the connection."""
        data = self.socket.recv(65536)
        self.buffer += data
        return data

    def request(self, method, path, token=None, body=None, headers=()):
        """Sends a request and waits for its answer; `body` becomes JSON."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        payload = b""
        if body is not None:
            payload = json.dumps(body).encode()
            lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
        return self.answer(is_head=method == "HEAD")

    def answer(self, is_head=False):
        """The next answer; ConnectionError where there is none."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.receive():
                raise ConnectionError("the connection ended before an answer")
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(lines[0].split(" ")[1])
        length = 0 if is_head or status < 200 or status == 204 else int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not self.receive():
                raise ConnectionError("the connection ended within an answer")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Answer(status, headers, body, head + b"\r\n\r\n" + body)

    def is_closed_within(self, seconds):
        """Whether the server ends the connection; what it still sends is kept."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.socket.settimeout(max(0.01, end - time.monotonic()))
                if not self.receive():
                    return True
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return False
