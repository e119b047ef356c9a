"""Lets the tester walk routes whose answers do not end, and gives it a stream that it can prolong."""

import os
import re

import requests.adapters
import schemathesis
from client import Client

send = requests.adapters.HTTPAdapter.send
stream = None


def send_and_cut(self, request, **options):
    """An event stream is read up to its first event, a WebSocket not at all; then the connection ends."""
    response = send(self, request, **options)
    is_stream = response.headers.get("Content-Type", "").startswith("text/event-stream")
    if not is_stream and response.status_code != 101:
        return response
    data = b""
    if is_stream and request.method != "HEAD":
        while b"\n\n" not in data:
            part = response.raw.read1(65536)
            if not part:
                break
            data += part
    response._content = data[: data.rfind(b"\n\n") + 2]
    response._content_consumed = True
    connection = response.raw._connection
    if connection is not None:
        connection.close()
    response.raw.close()
    return response


requests.adapters.HTTPAdapter.send = send_and_cut


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every second stream id that the tester makes up becomes one that is open."""
    if case.operation.path != "/events/{stream}/auth":
        return
    wanted = case.path_parameters.get("stream") if case.path_parameters else None
    if isinstance(wanted, str) and re.fullmatch("[A-Za-z0-9_-]+", wanted) and len(wanted) <= 64 and len(wanted) % 2 == 0:
        case.path_parameters["stream"] = open_stream()


def open_stream():
    global stream
    if stream is None:
        client = Client(port=int(os.environ["CONTRACT_PORT"]))
        client.send(
            b"GET /events?types=terminating HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + os.environ["CONTRACT_TOKEN"].encode() + b"\r\n\r\n")
        while not (found := re.search(rb'"id":"([A-Za-z0-9_-]+)"', client.buffer)):
            if not client.receive():
                raise ConnectionError("GET /events has ended")
        stream = (client, found.group(1).decode())
    return stream[1]
