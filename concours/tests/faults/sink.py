"""A receiver outside, as a process of its own, that keeps a ledger of every request before it answers.

One process plays many receivers: each address of 127.0.0.0/8 is one, with a mode of its own. It honours
`webhook-id` and `Idempotency-Key`: an effect happens once for each key.

Run as a program: `sink.py LEDGER` prints its port, then serves until it is killed.
"""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, Self


class Server(ThreadingHTTPServer):
    """Ledger lines are written whole, and those of arrivals are on the disk before anybody is answered."""

    request_queue_size = 1024
    daemon_threads = True

    def __init__(self, ledger: str) -> None:
        super().__init__(("0.0.0.0", 0), Receiver)
        self.ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.modes: dict[str, dict[str, Any]] = {}
        self.done: set[str] = set()
        self.requests = 0
        self.lock = Lock()

    def enter(self, line: dict[str, Any], *, accepted: bool) -> int:
        with self.lock:
            self.requests += 1
            if accepted:
                line["again"] = line["key"] in self.done
                self.done.add(line["key"])
            line |= {"n": self.requests, "accepted": accepted, "at": time.time()}
            os.write(self.ledger, json.dumps(line).encode() + b"\n")
            os.fsync(self.ledger)
            return self.requests

    def leave(self, number: int) -> None:
        os.write(self.ledger, json.dumps({"n": number, "left": time.time()}).encode() + b"\n")

    def handle_error(self, *_args: Any) -> None:
        """A caller that was killed has hung up; the ledger tells of it well enough."""


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_PUT(self) -> None:
        """The test's own door: sets the mode of a receiver, or of all."""
        mode = json.loads(self._body())
        if mode["to"] == "*":
            self.server.modes.clear()
        self.server.modes[mode["to"]] = mode
        self._answer(204)

    def do_GET(self) -> None:
        """The test's own door: how many requests came, and how many effects they had."""
        with self.server.lock:
            counts = {"requests": self.server.requests, "effects": len(self.server.done)}
        self._answer(200, json.dumps(counts).encode())

    def do_POST(self) -> None:
        to = self.headers["Host"].partition(":")[0]
        mode = self.server.modes.get(to) or self.server.modes.get("*") or {"mode": "ok"}
        body = self._body()
        key = self.headers.get("webhook-id") or self.headers.get("Idempotency-Key") or ""
        line = {"to": to, "key": key, "hash": hashlib.sha256(body).hexdigest()[:16], "token": _token(body)}
        number = self.server.enter(line, accepted=mode["mode"] in ("ok", "slow"))
        try:
            if mode["mode"] in ("slow", "hang"):
                time.sleep(mode["seconds"])
            if mode["mode"] != "hang":
                self._answer(503 if mode["mode"] == "busy" else 200)
        finally:
            self.server.leave(number)
        self.close_connection = True

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Silent: the ledger is the log."""


def _token(body: bytes) -> str:
    """What the workload wrote into the message, to be found again; empty in a body that is not of ours."""
    try:
        found = json.loads(body)
        return str(found.get("data", found).get("token", ""))
    except (ValueError, AttributeError):
        return ""


@dataclass(frozen=True)
class Request:
    """A ledger line. `accepted`: it was answered 200, and had its effect unless `again`."""

    n: int
    to: str
    key: str
    hash: str
    token: str
    at: float
    accepted: bool
    again: bool
    left: float


class Sink:
    """The process, and what its ledger says."""

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "sink.jsonl"
        argv = [sys.executable, "-I", "-S", __file__, str(self.ledger)]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def url(self, receiver: int = 1) -> str:
        return f"http://127.0.0.{receiver}:{self.port}/in"

    def mode(self, mode: str, *, seconds: float = 0, receiver: int | None = None) -> None:
        """From now on: "ok", "slow" (answers after `seconds`), "hang" (hangs up after them) or "busy" (503)."""
        to = "*" if receiver is None else f"127.0.0.{receiver}"
        self._ask("PUT", json.dumps({"to": to, "mode": mode, "seconds": seconds}))

    def requests(self) -> int:
        return int(json.loads(self._ask("GET"))["requests"])

    def effects(self) -> int:
        return int(json.loads(self._ask("GET"))["effects"])

    def _ask(self, method: str, body: str = "") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, "/", body)
            return connection.getresponse().read()
        finally:
            connection.close()

    def read(self) -> list[Request]:
        """Every request there was, in order of arrival."""
        entered: dict[int, dict[str, Any]] = {}
        for text in self.ledger.read_text().splitlines():
            line = json.loads(text)
            entered.setdefault(line["n"], {"again": False, "left": float("inf")}).update(line)
        return [Request(**line) for line in entered.values()]


def most_at_once(requests: Iterable[Request]) -> dict[str, int]:
    """For each receiver, how many requests were with it at the same moment at most."""
    moments: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for request in requests:
        moments[request.to] += [(request.at, 1), (request.left, -1)]
    most: Counter[str] = Counter()
    for to, changes in moments.items():
        there = 0
        for _at, change in sorted(changes):
            there += change
            most[to] = max(most[to], there)
    return dict(most)


if __name__ == "__main__":
    server = Server(sys.argv[1])
    print(server.server_port, flush=True)
    server.serve_forever()
