"""The outside of a serving benchmark: clients that post over kept-alive connections, and a receiver of webhooks."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any, Final

CLIENTS: Final = 8
TIMEOUT: Final = 60


class Refused(Exception):
    """A post was not answered with success; a figure that counts it would be worth nothing."""


@dataclass(frozen=True)
class Post:
    """One request, ready to be sent."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: str, content: Any, **headers: str) -> "Post":
        return cls(path, json.dumps(content).encode(), {"Content-Type": "application/json", **headers})

    def send(self, connection: HTTPConnection) -> None:
        connection.request("POST", self.path, self.body, self.headers)
        answer = connection.getresponse()
        said = answer.read()
        if not 200 <= answer.status < 300:
            raise Refused(f"POST {self.path} was answered {answer.status}: {said[:300].decode(errors='replace')}")


def post_all(port: int, posts: Sequence[Post]) -> float:
    """How many seconds the clients take for these posts, each client on one connection. Raises `Refused`."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        started = perf_counter()
        for _share in pool.map(lambda n: _post_each(port, posts[n::CLIENTS]), range(CLIENTS)):
            pass
        return perf_counter() - started


def _post_each(port: int, posts: Sequence[Post]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        for post in posts:
            post.send(connection)
    finally:
        connection.close()


def post_paced(port: int, posts: Sequence[Post], per_second: int) -> list[tuple[float, float]]:
    """Posts one after another at a steady pace: when each began and was answered, in seconds. Raises `Refused`."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    first, moments = perf_counter(), []
    try:
        for n, post in enumerate(posts):
            sleep(max(0.0, first + n / per_second - perf_counter()))
            began = perf_counter()
            post.send(connection)
            moments.append((began, perf_counter()))
    finally:
        connection.close()
    return moments


@dataclass(frozen=True)
class Offered:
    """One post that was sent: which, how many seconds after its moment it was answered, and whether with success."""

    number: int
    took: float
    accepted: bool


def post_offered(port: int, posts: Sequence[Post], per_second: int, clients: int) -> list[Offered]:
    """Offers the posts at a steady pace, whatever becomes of them: what was sent.

    The load is bounded: at most as many are on their way as there are clients. A client that becomes free sends the
    post whose moment it is; those whose moments found all clients waiting are left out.
    """
    turns = _Turns(len(posts), per_second)
    with ThreadPoolExecutor(clients) as pool:
        sent = [pool.submit(_offer_each, port, posts, turns) for _client in range(clients)]
        return [each for done in sent for each in done.result()]


class _Turns:
    """Which post is to be sent now, asked by many threads; each is given out once."""

    def __init__(self, count: int, per_second: int) -> None:
        self.count, self.per_second = count, per_second
        self._next, self._lock, self._first = 0, Lock(), perf_counter()

    def take(self) -> tuple[int, float] | None:
        """The number of the post and its moment; None when all moments are over."""
        with self._lock:
            number = max(self._next, int((perf_counter() - self._first) * self.per_second))
            self._next = number + 1
        return (number, self._first + number / self.per_second) if number < self.count else None


def _offer_each(port: int, posts: Sequence[Post], turns: _Turns) -> list[Offered]:
    connection, sent = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), []
    while turn := turns.take():
        number, moment = turn
        sleep(max(0.0, moment - perf_counter()))
        accepted = False
        try:
            posts[number].send(connection)
            accepted = True
        except Refused:
            pass
        except (OSError, HTTPException):
            connection.close()
        sent.append(Offered(number, perf_counter() - moment, accepted))
    connection.close()
    return sent


class Receiver(ThreadingHTTPServer):
    """Answers every webhook with 204 and notes when the one about each message came."""

    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receive)
        self.came: dict[int, float] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Receive(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.setdefault(json.loads(body)["data"]["message_id"], perf_counter())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens within the block."""
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
