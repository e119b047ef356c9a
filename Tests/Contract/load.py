"""Clients that mean no good: they slow nobody, and leave nothing behind."""

import os
import selectors
import statistics
import threading
import time

from client import Client
from instance import Instance, eventually
from smuggling import PROBES, SECOND, get, post

SLOW = 1000
FULL = 1300
BAD = 10_000


def slow():
    """A thousand connections that are half open, or send a byte a second, beside a healthy client."""
    with Instance() as pup:
        before = {name: median(pup, name) for name in ("socket", "tcp")}
        crowd = Crowd(pup.port)
        try:
            eventually("the crowd is there", lambda: crowd.opened >= SLOW)
            began, times, counts = time.monotonic(), {"socket": [], "tcp": []}, []
            # Until the first ones have been cut, and others have come in their place.
            while time.monotonic() - began < 12:
                for name, found in times.items():
                    found.append(median(pup, name, 20))
                counts.append(crowd.open_count())
            # More than the TCP listener takes: the socket has connections of its own. Each new one takes the place of an older one, so the
            # server is asked, and the crowd not counted.
            before_crowd = crowded_out(pup)
            crowd.wanted = FULL
            eventually("the listener is full", lambda: crowded_out(pup) > before_crowd)
            full = median(pup, "socket")
            during = {name: statistics.median(found) for name, found in times.items()}
            alive = int(statistics.median(counts))
        finally:
            crowd.stop()
        with pup.network() as client:
            assert client.request("GET", "/healthz").status == 200, "TCP is well when the crowd has gone"
        during["socket, listener full"] = full
        before["socket, listener full"] = before["socket"]
        for name, count in during.items():
            print(f"GET /processes over {name}: median {before[name]:.1f} ms, {count:.1f} ms beside {alive} slow connections")
            # Twice, and what a busy machine adds: a server that waits for its slow clients needs seconds.
            assert count <= 2 * before[name] + 25, f"{name}: {before[name]:.1f} ms before, {count:.1f} ms during"
        assert alive >= SLOW * 0.9, f"only {alive} slow connections were open"
        assert crowd.cut >= SLOW / 2, "half-open connections are cut after ten seconds"
        print(f"{crowd.opened} slow connections were opened, {crowd.cut} of them cut by the server")


def crowded_out(pup):
    """Connections that the TCP listener has cut to make room for newer ones."""
    with pup.local() as client:
        text = client.request("GET", "/metrics", token=pup.admin).body.decode()
    lines = [line for line in text.splitlines() if line.startswith("pup_http_connections_cut_total") and 'reason="crowd"' in line]
    return sum(float(line.split()[-1]) for line in lines if "unix" not in line and "local" not in line)


def median(pup, name, count=100):
    """Milliseconds of GET /processes, each on a connection of its own, as a command does."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        with pup.local() if name == "socket" else pup.network() as client:
            assert client.request("GET", "/processes", token=pup.admin).status == 200
        times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


class Crowd:
    """Keeps `wanted` connections open: half of them silent behind half a head, half of them slow."""

    def __init__(self, port):
        self.port = port
        self.opened = self.cut = 0
        self.wanted = SLOW
        self.ends = False
        self.clients = {}
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def open_count(self):
        return len(self.clients)

    def run(self):
        beat = time.monotonic()
        while not self.ends:
            for _ in range(min(50, self.wanted - len(self.clients))):
                client = Client(port=self.port)
                client.socket.setblocking(False)
                client.is_slow = self.opened % 2 == 0
                client.send(b"GET /processes HTTP/1.1\r\nHost: loc")
                self.selector.register(client.socket, selectors.EVENT_READ, client)
                self.clients[client.socket] = client
                self.opened += 1
            for key, _ in self.selector.select(0.02):
                self.drop(key.data)
            if time.monotonic() - beat >= 1:
                beat = time.monotonic()
                for client in [client for client in self.clients.values() if client.is_slow]:
                    try:
                        client.send(b"a")
                    except OSError:
                        self.drop(client)

    def drop(self, client):
        """The server has something to say to such a client only at its end."""
        self.cut += 1
        self.selector.unregister(client.socket)
        del self.clients[client.socket]
        client.close()

    def stop(self):
        self.ends = True
        self.thread.join()
        for client in self.clients.values():
            client.close()


def leaks():
    """Ten thousand bad requests: descriptors and memory are as before."""
    kinds = [data for what, data, *_ in PROBES if len(data) < 20_000] + [
        get(b"/nothing"), get(b"/processes", b"Authorization: Bearer x\r\n"), SECOND[:40], post(b"Content-Length: 500\r\n", b"cut"), b"\x00",
        get(b"/wss", b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n")]
    with Instance() as pup:
        brain = pup.brain()
        # What is allocated once is allocated then.
        throw(pup, kinds, len(kinds))
        files, memory = settle(pup, brain)
        began = time.monotonic()
        throw(pup, kinds, BAD)
        seconds = time.monotonic() - began
        files_after, memory_after = settle(pup, brain, files)
        print(
            f"{BAD} bad requests of {len(kinds)} kinds in {seconds:.1f} s: descriptors {files} → {files_after}, "
            f"resident {memory / 1024:.1f} → {memory_after / 1024:.1f} MiB")
        assert pup.brain() == brain, "the supervisor has not been restarted"
        assert files_after <= files, "descriptors leak"
        # A kilobyte for each request would be ten megabytes; the allocator keeps some for the next flood.
        assert memory_after - memory < 6 * 1024, "memory leaks"


def throw(pup, kinds, count):
    """Sends and leaves, with and without looking at the answer."""
    workers = 4

    def work(first):
        for number in range(first, count, workers):
            try:
                with pup.network() as client:
                    client.send(kinds[number // workers % len(kinds)])
                    if number % 3 == 0:
                        client.socket.settimeout(0.05)
                        client.receive()
            except OSError:
                pass

    threads = [threading.Thread(target=work, args=(first,)) for first in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settle(pup, brain, wanted=None):
    """Open descriptors and resident KiB once every connection is gone; those that are half open are for ten seconds."""

    def look():
        with pup.local() as client:
            client.request("GET", "/healthz")
        return len(os.listdir(f"/proc/{brain}/fd"))

    files, end = look(), time.monotonic() + (15 if wanted else 3)
    while time.monotonic() < end and not (wanted and files <= wanted):
        time.sleep(0.1)
        files = look()
    with open(f"/proc/{brain}/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return files, memory
