"""T19 with a real web process: hostile bodies at every door that reads JSON, each refused within a second, and the
process no larger after them than before.
"""

import gzip
import hmac
import json
import re
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import LISTENING, STARTING, Member
from concours.tests.faults.waiting import wait_until
from triggers.tests.api.test_parsers import REFUSED

MB = 1024 * 1024
GIGABYTE = 1024 * MB
SECONDS = 1.0
GROWTH_MB = 50.0
STORES = pytest.mark.parametrize("store", ["postgres", "sqlite"])


class Answer(NamedTuple):
    """`sent`: so many bytes of the body went out before it came."""

    status: int
    seconds: float
    sent: int


def stream(size: int) -> Iterator[bytes]:
    """A body of so many bytes, in pieces."""
    piece = b"x" * (256 * 1024)
    for _n in range(size // len(piece)):
        yield piece


def ask(port: int, path: str, headers: dict[str, str], body: "bytes | Iterator[bytes]") -> Answer:
    """Posts, and reads the answer as soon as there is one, also where the body has not gone out yet."""
    given = {"Host": "127.0.0.1", "Content-Type": "application/json", **headers}
    if isinstance(body, bytes):
        given.setdefault("Content-Length", str(len(body)))
        body = iter([body])
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    began, sent = time.monotonic(), 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
        for piece in body:
            if select.select([line], [], [], 0)[0]:
                break
            try:
                line.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                break
            sent += len(piece)
        status = line.recv(64).split(b" ")[1]
    return Answer(int(status), time.monotonic() - began, sent)


def chunked(size: int) -> Iterator[bytes]:
    for piece in stream(size):
        yield b"%x\r\n%b\r\n" % (len(piece), piece)


def resident(pid: int, name: str) -> float:
    """What /proc tells of a process's memory, in MB."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


def forget_peak(pid: int) -> None:
    """The highest that the process was counts from here on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def corpus() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Each body by name, with the headers that belong to it."""
    bodies = {name: (body, {}) for name, (body, _told) in REFUSED.items()}
    bomb, many = gzip.compress(b" " * 100 * MB), json.dumps({f"k{n}": 1 for n in range(1_000_000)}).encode()
    return {**bodies, "gzip bomb": (bomb, {"Content-Encoding": "gzip"}), "1,000,000 keys": (many, {})}


def proof(door: dict[str, Any], body: bytes) -> dict[str, str]:
    if "signed" not in door:
        return {}
    return {"X-Hub-Signature-256": "sha256=" + hmac.digest(door["signed"].encode(), body, "sha256").hex()}


def is_refused(door: dict[str, Any], status: int) -> bool:
    """Whoever proves that it may send is thanked, and what it sent is kept for a person."""
    return 400 <= status < 500 or ("signed" in door and status == 200)


def opened(crew: Any) -> tuple[Member, int, list[dict[str, Any]]]:
    web = crew.web(workers=1, PUBLIC_URL="https://crm.example.org", ALLOWED_HOSTS="*", HTTPS_ONLY="no")
    doors = crew.console().ask("concours.tests.faults.hostile:prepare")
    wait_until(web.is_ready, STARTING, "the web server")
    return web, int(re.findall(rf"{LISTENING} http://127.0.0.1:(\d+)", web.text())[-1]), doors


@STORES
def test_hostile_bodies_are_refused_at_once_and_leave_no_memory(fleet: MakeFleet, store: str) -> None:
    web, port, doors = opened(fleet(store))
    # Twice what is right or nearly so, so that everything is loaded that a request loads.
    for door in doors * 2:
        ask(port, door["path"], {**door["headers"], **proof(door, b"{}")}, b"{}")
    [pid] = web.pids()
    before = resident(pid, "VmRSS")
    forget_peak(pid)

    slowest, wrong = 0.0, []
    for door in doors:
        for name, (body, more) in corpus().items():
            answer = ask(port, door["path"], {**door["headers"], **proof(door, body), **more}, body)
            slowest = max(slowest, answer.seconds)
            if not is_refused(door, answer.status) or answer.seconds > SECONDS:
                wrong.append((door["path"], name, answer))
    grown = resident(pid, "VmHWM") - before

    print(f"{store}: {len(doors) * len(corpus())} bodies, slowest {slowest:.2f} s, memory +{grown:.1f} MB")
    assert wrong == []
    assert grown <= GROWTH_MB


@STORES
@pytest.mark.parametrize("said", ["Content-Length", "Transfer-Encoding"])
def test_of_a_gigabyte_hardly_anything_is_taken(fleet: MakeFleet, store: str, said: str) -> None:
    web, port, doors = opened(fleet(store))
    value, make = (str(GIGABYTE), stream) if said == "Content-Length" else ("chunked", chunked)
    [pid] = web.pids()
    ask(port, "/b/", {}, b"{}")
    before = resident(pid, "VmRSS")
    forget_peak(pid)

    for door in doors:
        answer = ask(port, door["path"], {**door["headers"], said: value}, make(GIGABYTE))
        assert 400 <= answer.status < 500, (door["path"], answer)
        assert answer.seconds <= SECONDS, (door["path"], answer)
        # What lies in the buffers of the two sockets counts as sent.
        assert answer.sent < 64 * MB, (door["path"], answer)
    grown = resident(pid, "VmHWM") - before

    print(f"{store}, {said}: memory +{grown:.1f} MB")
    assert grown <= GROWTH_MB
