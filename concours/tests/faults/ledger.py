"""What was promised, and the oracle that compares it with what happened.

The ack ledger is a file to which a writer adds a line, on the disk before it goes on, for every transaction
that was committed to it or rolled back. A token names one change from the ledger to the receiver.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from concours.tests.faults.sink import Request


class Acks:
    """The writer's end of the ack ledger."""

    def __init__(self, path: str | Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        os.close(self._file)

    def begun(self, token: str) -> None:
        self._write("begun", token)

    def committed(self, token: str) -> None:
        self._write("committed", token)

    def rolled_back(self, token: str) -> None:
        self._write("rolled_back", token)

    def _write(self, what: str, token: str) -> None:
        os.write(self._file, f"{what} {token}\n".encode())
        os.fsync(self._file)


@dataclass(frozen=True)
class Promised:
    """What the ledger says. Begun only: its writer was lost, and it may or may not have committed."""

    committed: set[str]
    rolled_back: set[str]
    begun_only: set[str]

    @classmethod
    def read(cls, *paths: Path) -> "Promised":
        said: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            for line in path.read_text().splitlines() if path.exists() else []:
                what, _space, token = line.partition(" ")
                said[what].add(token)
        ended = said["committed"] | said["rolled_back"]
        return cls(said["committed"], said["rolled_back"], said["begun"] - ended)


@dataclass
class Account:
    """The oracle's findings, by token. `duplicates`: requests that came again with a key already known."""

    committed: int
    lost: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    changed_bodies: list[str] = field(default_factory=list)
    duplicates: int = 0
    requests: int = 0

    def __str__(self) -> str:
        return (
            f"{self.committed} committed: {len(self.lost)} lost, {len(self.ghosts)} ghosts, {len(self.extra)} extra"
            f" effects, {self.duplicates} duplicate of {self.requests} requests, {len(self.uncertain)} uncertain"
        )

    @property
    def broken(self) -> dict[str, list[str]]:
        """The promises not kept; empty when all is well."""
        found = {"lost": self.lost, "ghosts": self.ghosts, "extra": self.extra, "changed bodies": self.changed_bodies}
        return {name: tokens[:20] for name, tokens in found.items() if tokens}


def compare(promised: Promised, census: Mapping[str, Mapping[str, Any]], requests: Iterable[Request]) -> Account:
    """Holds the ledger against the database (`workload.census`) and the receiver's ledger."""
    requests = list(requests)
    told = Counter(request.key for request in requests)
    account = Account(len(promised.committed), requests=len(requests), duplicates=len(requests) - len(told))
    effects, bodies = defaultdict(set), defaultdict(set)
    for request in requests:
        bodies[request.key].add(request.hash)
        if request.accepted:
            effects[request.token].add(request.key)
    account.changed_bodies = [key for key, hashes in bodies.items() if len(hashes) > 1]
    for token in promised.committed:
        _judge(token, census.get(token), len(effects[token]), account)
    real = promised.committed | promised.begun_only
    seen = census.keys() | {request.token for request in requests}
    account.ghosts = sorted(seen - real)
    return account


def _judge(token: str, found: Mapping[str, Any] | None, outside: int, account: Account) -> None:
    """One committed change: a database action before the call, the call, and one after it, each once."""
    if found is None:
        account.lost.append(token)
        return
    times = (found["before"], outside, found["after"])
    if max(times) > 1 or found["runs"] > 1:
        account.extra.append(token)
    elif found["status"] == "uncertain":
        account.uncertain.append(token)
    elif min(times) < 1 or found["status"] != "done":
        account.lost.append(token)
