"""A reader of GET /events that is cut again and again, over a supervisor that is killed again and again, misses nothing unsaid."""

import json
import os
import random
import signal
import threading
import time

from client import Client
from instance import Instance, eventually

EVENTS = 10_000
MOST_EVENTS = 4 * EVENTS
CUTS = 50
KILLS = 5
PUBLISHERS = 4
# All that has numbers: a gap that nobody explains cannot hide behind a filter.
TYPES = "log,init,process_status_changed,process_flag_changed,process_scheduled,process_scheduled_terminate,process_watch,process_telemetry,terminating,ipc"


class Reader(threading.Thread):
    """Follows the stream, cuts itself, resumes by Last-Event-ID, and writes down what it was told."""

    def __init__(self, pup, chance):
        super().__init__(daemon=True)
        self.pup, self.chance = pup, chance
        self.ids, self.lost, self.problems = [], [], []
        self.messages = {}
        self.epoch = self.last = None
        self.cuts = self.connections = self.failures = 0
        self.ends = False

    def run(self):
        while not self.ends:
            try:
                self.follow()
            except (OSError, ValueError) as error:
                self.failures += 1
                if not isinstance(error, OSError):
                    self.problems.append(f"{type(error).__name__}: {error}")
                time.sleep(0.01)

    def follow(self):
        limit = self.chance.randrange(10, EVENTS // CUTS + 50) if self.cuts < CUTS else None
        resume = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        with Client(port=self.pup.port, timeout=2) as client:
            client.send(
                f"GET /events?types={TYPES} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.pup.admin}\r\n{resume}\r\n".encode())
            while b"\r\n\r\n" not in client.buffer:
                if not client.receive():
                    return
            head, _, client.buffer = client.buffer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ") and b"text/event-stream" in head, head
            self.connections += 1
            text, seen = b"", 0
            while not self.ends:
                text += self.chunks(client)
                *blocks, text = text.split(b"\n\n")
                for block in blocks:
                    seen += self.take(block.decode())
                if limit and seen >= limit:
                    # In the middle of whatever is on its way.
                    self.cuts += 1
                    return
                try:
                    if not client.receive():
                        return
                except TimeoutError:
                    pass  # Quiet; the next look at `ends`.

    @staticmethod
    def chunks(client):
        """Takes whole chunks out of the buffer."""
        text = b""
        while (end := client.buffer.find(b"\r\n")) >= 0:
            size = int(client.buffer[:end], 16)
            if len(client.buffer) < end + size + 4:
                break
            text += client.buffer[end + 2:end + 2 + size]
            client.buffer = client.buffer[end + size + 4:]
        return text

    def take(self, block):
        """One event; 1 where it has a number."""
        fields = dict(line.partition(": ")[::2] for line in block.split("\n") if not line.startswith(":"))
        name, payload = fields.get("event"), json.loads(fields["data"]) if "data" in fields else None
        if name == "lost":
            self.lost.append((payload["from"], payload["to"], self.ids[-1] if self.ids else None))
            if payload["from"] is None:
                self.problems.append(f"the numbering began anew: {payload}")
        if "id" not in fields:
            return 0
        self.last = fields["id"]
        epoch, _, number = self.last.rpartition("-")
        if self.epoch not in (None, epoch):
            self.problems.append(f"epoch {self.epoch} became {epoch}")
        self.epoch = epoch
        if name == "stream":
            self.ids.append(int(number))
            return 0
        self.ids.append(int(number))
        if name == "ipc":
            key = payload["eventData"]
            if key in self.messages:
                self.problems.append(f"message {key} came twice")
            self.messages[key] = int(number)
        return 1


class Publisher(threading.Thread):
    """Sends numbered messages over one connection, and notes which of them were acknowledged."""

    def __init__(self, pup, first, reader):
        super().__init__(daemon=True)
        self.pup, self.reader = pup, reader
        self.numbers = range(first, MOST_EVENTS, PUBLISHERS)
        self.acknowledged = []
        self.unsure = 0

    def run(self):
        client = None
        for number in self.numbers:
            # A reader that falls behind is told of losses, and sees less: it needs more messages for its cuts.
            if number >= EVENTS and self.reader.cuts == CUTS:
                return
            body = {"target": "reader", "event": "count", "eventData": number}
            try:
                client = client or Client(port=self.pup.port, timeout=30)
                answer = client.request("POST", "/ipc", token=self.pup.admin, body=body)
                assert answer.status == 200, answer
                self.acknowledged.append(number)
            except OSError:
                # Perhaps it was published, perhaps not; it is not sent again.
                self.unsure += 1
                client = None


def streams(seed):
    chance = random.Random(seed)
    with Instance() as pup:
        reader = Reader(pup, chance)
        reader.start()
        eventually("the reader follows", lambda: reader.last)
        publishers = [Publisher(pup, first, reader) for first in range(PUBLISHERS)]
        for publisher in publishers:
            publisher.start()
        kills = 0
        for part in range(1, KILLS + 1):
            due = EVENTS * part // (KILLS + 1)
            eventually("messages are sent", lambda: sum(len(p.acknowledged) + p.unsure for p in publishers) >= due, 120)
            brain = pup.brain()
            os.kill(brain, signal.SIGKILL)
            kills += 1
            eventually("there is another supervisor", lambda: pup.brain() not in (None, brain))
        for publisher in publishers:
            publisher.join(120)
            assert not publisher.is_alive(), "a publisher hangs"
        assert eventually("the last message is sent", lambda: pup.ask(
            "POST", "/ipc", {"target": "reader", "event": "count", "eventData": "end"}).status == 200)
        eventually("the last message has come", lambda: "end" in reader.messages, 30)
        reader.ends = True
        reader.join(10)
        judge(reader, publishers, kills)


def judge(reader, publishers, kills):
    assert not reader.problems, "\n".join(reader.problems[:10])
    told = [(first, last) for first, last, _ in reader.lost]

    def is_told(first, last):
        """Whether some loss that was told has a number from `first` to `last` in it."""
        return any(low <= last and first <= high for low, high in told)

    gaps = 0
    for before, after in zip(reader.ids, reader.ids[1:]):
        # The first event of a stream names the place where it begins; it is no event with a number of its own.
        assert after > before, f"number {after} came after {before}"
        if after > before + 1:
            gaps += 1
            missing = set(range(before + 1, after)) if after - before < 1_000_000 else {before + 1, after - 1}
            for low, high in told:
                missing -= set(range(max(low, before + 1), min(high, after - 1) + 1))
            assert not missing, f"a silent gap between {before} and {after}: {len(missing)} numbers; told were {told}"
    unseen = 0
    for publisher in publishers:
        numbers = [(number, reader.messages.get(number)) for number in publisher.acknowledged]
        for place, (number, found) in enumerate(numbers):
            if found is not None:
                continue
            unseen += 1
            before = next((at for _, at in reversed(numbers[:place]) if at is not None), reader.ids[0])
            after = next((at for _, at in numbers[place + 1:] if at is not None), reader.messages["end"])
            assert is_told(before + 1, after - 1), f"message {number} was taken, and neither came nor was told as lost"
        order = [at for _, at in numbers if at is not None]
        assert order == sorted(order), "messages of one sender in their order"
    acknowledged = sum(len(publisher.acknowledged) for publisher in publishers)
    assert acknowledged > EVENTS * 0.9, f"only {acknowledged} messages were taken"
    assert reader.cuts == CUTS and kills == KILLS, f"cut {reader.cuts} times only"
    print(
        f"{acknowledged} messages taken ({sum(p.unsure for p in publishers)} unsure), reader cut {reader.cuts} times, "
        f"supervisor killed {kills} times, {reader.connections} connections: {len(reader.ids)} numbers, each once and in order; "
        f"{gaps} gaps, all told in {len(told)} `lost`; {unseen} taken messages within these")
