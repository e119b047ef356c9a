"""Requests that a proxy and a server may read differently, and requests that are none: each with the answer that is documented."""

import concurrent.futures
import string

from client import Client
from instance import Instance, eventually

HOST = b"Host: localhost\r\n"
SECOND = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"



def post(headers, body=b"", version=b"HTTP/1.1"):
    return b"POST /log " + version + b"\r\n" + HOST + headers + b"\r\n" + body


def get(target=b"/healthz", headers=b"", version=b"HTTP/1.1", method=b"GET"):
    return method + b" " + target + b" " + version + b"\r\n" + HOST + headers + b"\r\n"

# (what, bytes, statuses, whether the connection ends); the status () stands for an end without an answer.
PROBES = [
    # Where does the body end?
    ("length and chunks", post(b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunks and length", post(b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("two lengths", post(b"Content-Length: 0\r\nContent-Length: 60\r\n", SECOND), (400,), True),
    ("the same length twice", post(b"Content-Length: 0\r\nContent-Length: 0\r\n", SECOND), (400,), True),
    ("a list of lengths", post(b"Content-Length: 0, 0\r\n", SECOND), (400,), True),
    ("a negative length", post(b"Content-Length: -1\r\n", SECOND), (400,), True),
    ("a length with a sign", post(b"Content-Length: +0\r\n", SECOND), (400,), True),
    ("a hexadecimal length", post(b"Content-Length: 0x0\r\n", SECOND), (400,), True),
    ("no length", post(b"Content-Length: \r\n", SECOND), (400,), True),
    ("a length beyond 64 bits", post(b"Content-Length: 99999999999999999999999\r\n", SECOND), (413,), True),
    ("a length in a folded line", post(b"Content-Length:\r\n 60\r\n", SECOND), (400,), True),
    ("a length before a blank", post(b"Content-Length : 60\r\n", SECOND), (400,), True),
    ("a length behind a NUL", post(b"Content-Length: 0\x0060\r\nX: y\r\n", SECOND), (400,), True),
    ("a length behind two NULs", post(b"Content-Length: 0\x00\x0060\r\n", SECOND), (400,), True),
    ("a length behind a line feed", post(b"X: y\nContent-Length: 60\r\n", SECOND), (400,), True),
    ("a length behind a carriage return", post(b"X: y\rContent-Length: 60\r\n", SECOND), (400,), True),
    ("gzip and chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked twice", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked and identity", post(b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("xchunked", post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("identity", post(b"Transfer-Encoding: identity\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked behind a vertical tab", post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked before a blank", post(b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked in a folded line", post(b"Transfer-Encoding:\r\n\tchunked\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked in quotes", post(b"Transfer-Encoding: \"chunked\"\r\n", b"0\r\n\r\n" + SECOND), (400,), True),
    ("chunked in HTTP/1.0", post(b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SECOND, b"HTTP/1.0"), (400,), True),
    ("a chunk of no length", post(b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n" + SECOND), (400,), True),
    ("a chunk of negative length", post(b"Transfer-Encoding: chunked\r\n", b"-1\r\nabc\r\n0\r\n\r\n" + SECOND), (400,), True),
    ("a chunk of 2^68 bytes", post(b"Transfer-Encoding: chunked\r\n", b"fffffffffffffffff\r\nabc\r\n" + SECOND), (413,), True),
    ("a chunk longer than it says", post(b"Transfer-Encoding: chunked\r\n", b"3\r\nabcX\r\n0\r\n\r\n" + SECOND), (400,), True),
    ("a chunk with an extension", post(b"Transfer-Encoding: chunked\r\n", b"3;a=b\r\nabc\r\n0\r\n\r\n"), (400,), True),
    ("a trailer with a length", post(b"Transfer-Encoding: chunked\r\n", b"0\r\nContent-Length: 60\r\n\r\n"), (400,), True),
    ("GET with a body", get(headers=b"Content-Length: 5\r\n") + b"hello", (200,), False),
    # Lines and words.
    ("a folded line", get(headers=b"X: a\r\n b\r\n"), (400,), True),
    ("a folded first header", b"GET /healthz HTTP/1.1\r\n X: y\r\n" + HOST + b"\r\n", (400,), True),
    ("line feeds only", b"GET /healthz HTTP/1.1\nHost: localhost\n\n", (400,), True),
    ("one line feed only", b"GET /healthz HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n", (400,), True),
    ("a carriage return only", b"GET /healthz HTTP/1.1\r" + HOST + b"\r\n\r\n", (400,), True),
    ("control characters in a value", get(headers=b"X: \x01\x7f\r\n"), (400,), True),
    ("bytes beyond ASCII in a value", get(headers=b"X: \xff\xfe\xc3\xbc\r\n"), (200,), False),
    ("a header without a colon", get(headers=b"nocolon\r\n"), (400,), True),
    ("a header without a name", get(headers=b": value\r\n"), (400,), True),
    ("a header's name with a blank", get(headers=b"a b: c\r\n"), (400,), True),
    ("a header's name with a NUL", get(headers=b"a\x00b: c\r\n"), (400,), True),
    ("a NUL in a value", get(headers=b"X: a\x00b\r\n"), (400,), True),
    ("a NUL in the method", get(method=b"G\x00T"), (400,), True),
    ("a NUL in the path", get(b"/heal\x00thz"), (400,), True),
    ("a NUL behind the path", get(b"/healthz\x00"), (400,), True),
    ("a NUL in the query", get(b"/healthz?a\x00=b"), (400,), True),
    ("a NUL in the version", get(version=b"HTTP/1.\x001"), (400,), True),
    ("an escaped NUL", get(b"/healthz%00"), (400,), True),
    ("four words", get(b"/healthz more"), (400,), True),
    ("two blanks", b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n", (400,), True),
    ("tabs for blanks", b"GET\t/healthz\tHTTP/1.1\r\n" + HOST + b"\r\n", (400,), True),
    ("a blank first", b" GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n", (400,), True),
    ("no method", b"/healthz HTTP/1.1\r\n" + HOST + b"\r\n", (400,), True),
    ("an empty line first", b"\r\n" + get(), (200,), False),
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400,), True),
    # Versions.
    ("HTTP/0.9", b"GET /healthz\r\n\r\n", (400,), True),
    ("HTTP/1.0", get(version=b"HTTP/1.0"), (200,), True),
    ("HTTP/1.2", get(version=b"HTTP/1.2"), (400,), True),
    ("HTTP/2.0", get(version=b"HTTP/2.0"), (505,), True),
    ("another protocol", get(version=b"JUNK/1.1"), (400,), True),
    ("HTTP/2 by knowledge", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (505,), True),
    ("HTTP/2 by upgrade", get(headers=b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"), (200,), False),
    # For whom?
    ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n", (400,), True),
    ("no Host in HTTP/1.0", b"GET /healthz HTTP/1.0\r\n\r\n", (200,), True),
    ("two Hosts", get(headers=HOST), (400,), True),
    ("an empty Host", b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", (403,), False),
    ("another Host", b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", (403,), False),
    ("an address for a Host", b"GET /healthz HTTP/1.1\r\nHost: 192.0.2.1:80\r\n\r\n", (200,), False),
    ("another origin", get(headers=b"Origin: http://evil.example\r\n"), (403,), False),
    ("absolute form", get(b"http://localhost/healthz"), (200,), False),
    ("absolute form of another host", get(b"http://evil.example/healthz"), (403,), False),
    ("absolute form without a path", get(b"http://localhost"), (404,), False),
    ("absolute form of another protocol", get(b"ftp://localhost/healthz"), (400,), True),
    ("authority form", get(b"localhost:80", method=b"CONNECT"), (400,), True),
    ("asterisk form", get(b"*", method=b"OPTIONS"), (400,), True),
    # Paths.
    ("bytes beyond ASCII in the path", get(b"/\xc3\xbc"), (400,), True),
    ("half an escape", get(b"/healthz%2"), (400,), True),
    ("an escape of no character", get(b"/healthz%ff"), (400,), True),
    ("dots", get(b"/../../etc/passwd"), (404,), False),
    ("escaped dots", get(b"/processes/..%2f..%2fetc/logs"), (401,), False),
    ("a fragment", get(b"/healthz#x"), (404,), False),
    ("two slashes", get(b"//healthz"), (404,), False),
    ("a parameter twice", get(b"/healthz?a=1&a=2"), (200,), False),
    # Too large.
    ("a path of 8 300 bytes", get(b"/" + b"a" * 8300), (414,), True),
    ("a path of 1 MB", get(b"/" + b"a" * 1_000_000), (414,), True),
    ("65 parameters", get(b"/healthz?" + b"&".join(b"p%d" % n for n in range(65))), (400,), True),
    ("1 000 parameters", get(b"/healthz?" + b"&".join(b"p%d" % n for n in range(1000))), (400,), True),
    ("8 000 ampersands", get(b"/healthz?" + b"&" * 8000), (200,), False),
    ("headers of 17 kB", get(headers=b"X: " + b"a" * 17_000 + b"\r\n"), (431,), True),
    ("a header's name of 17 kB", get(headers=b"a" * 17_000 + b": b\r\n"), (431,), True),
    ("headers of 1 MB", get(headers=b"X: " + b"a" * 1_000_000 + b"\r\n"), (431,), True),
    ("5 000 headers", get(headers=b"a: b\r\n" * 5000), (431,), True),
    ("100 headers", get(headers=b"a: b\r\n" * 100), (200,), False),
    ("1 000 cookies", get(headers=b"Cookie: " + b";".join(b"a=%d" % n for n in range(1000)) + b"\r\n"), (200,), False),
    ("cookies that are none", get(headers=b"Cookie: =;,,==\"\r\n"), (200,), False),
    ("a method of 5 000 bytes", get(method=b"A" * 5000), (405,), False),
    ("a body of 300 kB", post(b"Content-Length: 300000\r\n", b"x" * 300_000), (413,), True),
    ("an announced body of 100 MB", post(b"Content-Length: 100000000\r\n"), (413,), True),
    # Nobody waits for the end of it: answered, or cut at a megabyte.
    ("chunks of 2 MB", post(b"Transfer-Encoding: chunked\r\n", (b"8000\r\n" + b"x" * 32768 + b"\r\n") * 64 + b"0\r\n\r\n"),
     (401, 413, ()), True),
    # Expectations and the end.
    ("an expectation of a large body", post(b"Expect: 100-continue\r\nContent-Length: 2000000\r\n"), (413,), True),
    ("an unknown expectation", post(b"Expect: 200-ok\r\nContent-Length: 2\r\n", b"{}"), (401,), True),
    ("Connection: close", get(headers=b"Connection: close\r\n"), (200,), True),
]


def smuggling():
    with Instance() as pup:
        brain = pup.brain()
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            failures = [text for text in pool.map(lambda probe: check(pup, *probe), PROBES) if text]
        assert not failures, "\n".join(failures)
        print(f"{len(PROBES)} broken or strange requests: the documented answer each, never a second one")
        pieces(pup)
        pipelining(pup)
        continuing(pup)
        names(pup)
        methods(pup)
        assert pup.brain() == brain, "the supervisor has not been restarted"
        assert pup.ask("GET", "/processes").status == 200


def check(pup, what, data, statuses, ends):
    """What is wrong with the answer to `data`; None for nothing."""
    with Client(port=pup.port) as client:
        try:
            client.send(data)
        except ConnectionError:
            pass  # Refused before it was sent whole: what was answered can still be read.
        try:
            answer = client.answer()
        except ConnectionError:
            answer = None
        status = answer.status if answer else ()
        if status not in statuses:
            return f"{what}: {status}, not {statuses}"
        if answer:
            if "x-request-id" not in answer.headers or answer.headers.get("content-type") != "application/json":
                return f"{what}: not in the interface's shape: {answer.raw[:300]}"
            if status >= 400 and set(answer.json) != {"error", "code"}:
                return f"{what}: {answer.body[:200]}"
        closed = client.is_closed_within(10 if ends else 0.3)
        if closed != ends:
            return f"{what}: the connection {'goes on' if ends else 'ends'}"
        if client.buffer:
            return f"{what}: more came behind the answer: {client.buffer[:200]}"
    with pup.local() as other:
        if other.request("GET", "/healthz").status != 200:
            return f"{what}: the server is not well"
    return None


def pieces(pup):
    """A request means the same wherever the network cuts it."""
    body = b'{"severity":"info","plugin":"p","message":"m"}'
    head = b"POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer " + pup.admin.encode()
    fixed = head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    chunks = head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    count = 0
    with pup.network() as client:
        for data in (fixed, chunks):
            for cut in range(1, len(data), 7):
                client.send(data[:cut])
                client.send(data[cut:])
                assert client.answer().status == 201, cut
                count += 1
        for byte in fixed + chunks:
            client.send(bytes([byte]))
        assert client.answer().status == client.answer().status == 201
    print(f"{count + 2} requests cut at any byte, two of them at all of them: 201")


def pipelining(pup):
    paths = ["/healthz", "/openapi.json", "/nothing", "/readyz", "/state"] * 20
    token = pup.admin.encode()
    with pup.network() as client:
        client.send(b"".join(get(path.encode(), b"Authorization: Bearer " + token + b"\r\n") for path in paths))
        for path in paths:
            answer = client.answer()
            assert answer.status == (404 if path == "/nothing" else 200), (path, answer)
            assert (b'"openapi"' in answer.body) == (path == "/openapi.json"), "answers in the order of the requests"
    print(f"{len(paths)} requests in one write: answered in order")


def continuing(pup):
    body = b'{"severity":"info","plugin":"p","message":"m"}'
    with pup.network() as client:
        client.send(post(
            b"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\nAuthorization: Bearer %s\r\n"
            % (len(body), pup.admin.encode())))
        assert client.answer().status == 100
        client.send(body)
        assert client.answer().status == 201
    print("100-continue: 100, then 201")


def names(pup):
    """Any header name, above all those that begin like a known one."""
    known = [
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "Authorization", "Cookie", "Expect",
        "Last-Event-ID", "Origin", "Sec-WebSocket-Key", "Range", "If-Modified-Since", "Accept-Encoding", "TE", "Trailer", "Date"]
    tried = {name[:length] for name in known for length in range(1, len(name))} | {name + "x" for name in known}
    tried |= {mark + "x" for mark in "!#$%&'*+-.^_`|~"} | set(string.ascii_letters + string.digits)
    tried -= set(known) | {"TE"}
    with pup.network() as client:
        for name in sorted(tried):
            client.send(get(headers=name.encode() + b": 5\r\n"))
            answer = client.answer()
            assert answer.status == 200, (name, answer)
    print(f"{len(tried)} header names that look like known ones: passed over, on one connection")


def methods(pup):
    tried = ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW", "get", "Get", "GE", "GETT", "PRI", "!", "a" * 500]
    with pup.network() as client:
        for method in tried:
            for path, allowed in (("/processes", "GET, HEAD"), ("/log", "POST"), ("/tokens", "GET, HEAD, POST")):
                answer = client.request(method, path)
                assert answer.status == 405 and answer.headers["allow"] == allowed, (method, answer)
        assert client.request("HEAD", "/healthz").status == 200
        client.send(get(method=b"CONNECT"))
        assert client.answer().status == 405
    print(f"{len(tried) + 1} methods that are none: 405 with Allow")
