"""The OpenAPI document is valid, and a property-based tester finds the running server to be what it says."""

import os
import pathlib
import subprocess
import sys

from instance import Instance

HERE = pathlib.Path(__file__).parent
TOOLS = pathlib.Path(sys.executable).parent


def document():
    """GET /openapi.json, without a token, passes the validator for OpenAPI 3.1."""
    with Instance() as pup:
        with pup.network() as client:
            answer = client.request("GET", "/openapi.json")
        assert answer.status == 200 and answer.headers["content-type"] == "application/json"
        assert answer.json["openapi"].startswith("3.1.")
        file = pup.folder / "openapi.json"
        file.write_bytes(answer.body)
        run([TOOLS / "openapi-spec-validator", "--schema", "3.1", file])
        operations = sum(len(item) for item in answer.json["paths"].values())
        print(f"{len(answer.body)} bytes, {len(answer.json['paths'])} paths, {operations} operations: valid OpenAPI 3.1")


def properties(seed, examples):
    """schemathesis, all its checks, by an administrator over TCP."""
    print(f"seed {seed}, up to {examples} examples for each operation and phase")
    with Instance() as pup:
        environment = {
            **os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE), "CONTRACT_PORT": str(pup.port),
            "CONTRACT_TOKEN": pup.admin}
        # One worker: hypothesis parses sources, which Python 3.11 cannot do in two threads at once (python/cpython issue 106905).
        # /terminate and /tokens/rotate-secret end what the tester stands on: the instance, and its token. `finale` walks them.
        run([
            TOOLS / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run",
            f"http://127.0.0.1:{pup.port}/openapi.json", "-H", f"Authorization: Bearer {pup.admin}", "--checks", "all",
            "--exclude-path", "/terminate", "--exclude-path", "/tokens/rotate-secret", "--seed", str(seed),
            "--max-examples", str(examples), "--workers", "1", "--request-timeout", "30", "--continue-on-failure",
            "--generation-database", "none", "--no-color"], env=environment, cwd=pup.folder)
        with pup.local() as client:
            assert client.request("GET", "/readyz").status == 200, "the server is well after it"
    finale()


def finale():
    """What the tester must not call, on an instance to throw away."""
    with Instance() as pup:
        for path in ("/tokens/rotate-secret", "/terminate"):
            with pup.network() as client:
                assert client.request("POST", path).status == 401, path
                assert client.request("GET", path, token=pup.admin).status == 405, path
            assert pup.ask("POST", path, token=pup.token(scopes=["read", "control"])).status == 403, path
        old = pup.admin
        answer = pup.ask("POST", "/tokens/rotate-secret")
        assert answer.status == 200 and set(answer.data) == {"token"}, answer
        assert pup.ask("GET", "/state", token=old).status == 401, "the old secret's token is dead"
        assert pup.ask("GET", "/state", token=answer.data["token"]).status == 200
        ended = pup.ask("POST", "/terminate", token=answer.data["token"])
        assert ended.status == 200 and ended.data["outcome"] == "accepted", ended
        assert pup.keeper.wait(40) == 0, "POST /terminate ends pup run"
    print("rotate-secret and terminate: walked by hand on an instance of their own")


def run(command, **options):
    code = subprocess.run([str(word) for word in command], **options).returncode
    assert code == 0, f"{pathlib.Path(command[0]).name} ended with {code}"
