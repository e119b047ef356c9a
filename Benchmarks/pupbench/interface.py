"""Pup's REST interface: where it is, and a token for it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import time

from .supervisors import Pup


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float = 30):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Interface:
    """Of a Pup that runs."""

    def __init__(self, supervisor: Pup):
        self.storage = os.path.join(supervisor.folder, ".pup/pup.json")

    def wait(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                return self.get("/healthz")
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.005)

    def socket_path(self) -> str:
        try:
            with open(self.storage + "-tmp/.main.sock") as file:
                return file.readline().strip()
        except OSError:
            return self.storage + "-tmp/api.sock"

    def port(self) -> int:
        with open(self.storage + "-tmp/.main.port") as file:
            return int(file.readline())

    def token(self) -> str:
        with open(self.storage + "-data/.main.secret", "rb") as file:
            secret = file.read().strip()

        def encoded(data: bytes) -> bytes:
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        head = encoded(b'{"alg":"HS512","typ":"JWT"}')
        body = encoded(json.dumps({"data": {"consumer": "bench"}, "exp": int(time.time()) + 3600}).encode())
        signed = head + b"." + body
        return (signed + b"." + encoded(hmac.new(secret, signed, hashlib.sha512).digest())).decode()

    def connection(self) -> UnixConnection:
        return UnixConnection(self.socket_path())

    def headers(self) -> dict[str, str]:
        return {"Authorization": "Bearer " + self.token()}

    def get(self, path: str, method: str = "GET") -> bytes:
        connection = self.connection()
        try:
            connection.request(method, path, headers=self.headers())
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {path}: {answer.status} {body[:200]!r}")
            return body
        finally:
            connection.close()
