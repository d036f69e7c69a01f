"""A fleet: the processes of one installation, started, killed, stopped and started again by a test."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from concours.tests.faults.doors import Door
from concours.tests.faults.ledger import Account, Promised, compare
from concours.tests.faults.sink import Sink
from concours.tests.faults.stores import HOUSE, Store
from concours.tests.faults.waiting import wait_until
from concours.tether import __file__ as TETHER

HERE = Path(__file__).parent
LISTENING = "Listening at:"
CELERY = (sys.executable, "-m", "celery", "-A", "concours")
# Started from a cold cache on a busy machine.
STARTING = 60.0


class Member:
    """One program of the fleet with the processes below it. Its output goes to a file of its own."""

    def __init__(self, name: str, argv: tuple[str, ...], environ: dict[str, str], folder: Path, ready: str) -> None:
        self.name, self.argv, self.environ, self.ready = name, argv, environ, ready
        self.log = folder / f"{name}.log"
        self._seen = 0
        self.start()

    def start(self) -> None:
        self._seen = self.log.stat().st_size if self.log.exists() else 0
        # A session of its own, so that the whole tree can be killed at once; tethered, so that none outlives us.
        tethered = [sys.executable, "-I", "-S", TETHER, str(os.getpid()), *self.argv]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                tethered, cwd=HOUSE, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def is_ready(self) -> bool:
        """Whether it has said, since it was started, that it is at work."""
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended by itself:\n{self.text()[-3000:]}")
        return self.ready in self.text()[self._seen :]

    def children(self) -> list[int]:
        """The processes it has forked itself."""
        pid = self.process.pid
        with suppress(FileNotFoundError):
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def pids(self) -> list[int]:
        """Every process that does its work: the forked ones where there are any."""
        return self.children() or [self.process.pid]

    def kill_child(self, chance: random.Random) -> bool:
        """Kills one forked process, which the program replaces; whether there was one."""
        children = self.children()
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(children), signal.SIGKILL)
        return True

    def kill(self) -> None:
        """Kills the whole tree."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Console:
    """A process that runs functions of `workload` for the test."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "concours.tests.faults.console"], cwd=HOUSE, env=environ, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, start_new_session=True,
            )  # fmt: skip

    def ask(self, function: str, **arguments: Any) -> Any:
        self.tell(function, **arguments)
        return self.answer()

    def tell(self, function: str, **arguments: Any) -> None:
        """Starts a function; `answer` waits for it."""
        assert self.process.stdin is not None
        print(json.dumps([function, arguments]), file=self.process.stdin, flush=True)

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the console ended:\n{self.log.read_text()[-3000:]}")
        said = json.loads(line)
        if "error" in said:
            raise AssertionError(said["error"])
        return said["answer"]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


@dataclass
class Fleet:
    """The installation on one store. Everything it started is killed at the end of its `with` block."""

    store: Store
    sink: Sink
    lease: float = 2.0
    environ: dict[str, str] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    consoles: list[Console] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.environ = self.store.environ | {"FAULTS_LEASE": str(self.lease)} | self.environ
        return self

    def __exit__(self, *_exc: object) -> None:
        for console in self.consoles:
            console.close()
        for member in self.members:
            with suppress(ProcessLookupError):
                os.killpg(member.process.pid, signal.SIGCONT)
            member.kill()

    def add(self, name: str, *argv: str, ready: str = "", **environ: str) -> Member:
        made = Member(name, argv, self.environ | environ, self.store.folder, ready)
        self.members.append(made)
        return made

    def engine(self, processes: int, *, threads: int = 1, ahead: float = 0.0, **environ: str) -> Member:
        """Pollers, for stores without a broker."""
        numbers = (str(processes), str(threads), str(ahead))
        name = f"engine{len(self.members)}"
        return self.add(
            name, sys.executable, "-m", "concours.tests.faults.engine", *numbers, ready="polling", **environ
        )

    def worker(self, pool: str = "prefork", size: int = 2, queues: str = "fast,outside,bulk", **environ: str) -> Member:
        name = f"worker{len(self.members)}"
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "info")
        mine = ("-P", pool, "-c", str(size), "-Q", queues, "-n", f"{name}-{os.getpid()}@%h")
        return self.add(name, *CELERY, "worker", *mine, *quiet, ready=" ready.", **environ)

    def beat(self, **environ: str) -> Member:
        return self.add(f"beat{len(self.members)}", *CELERY, "beat", "--pidfile=", "--loglevel", "info", **environ)

    def web(self, workers: int = 1, **environ: str) -> Member:
        """The web server, at a port of the system's choice; `port_of` tells it."""
        options = ("--bind", "127.0.0.1:0", "--workers", str(workers), "--threads", "8", "--no-control-socket")
        return self.add("web", sys.executable, "-m", "gunicorn", "concours.wsgi", *options, ready=LISTENING, **environ)

    def start_engine(self, *, processes: int = 2, **environ: str) -> list[Member]:
        """What moves the rows in this store: workers and beat with a broker, pollers without."""
        if self.store.kind.broker == "none":
            return [self.engine(processes, **environ), self.engine(1, **environ)]
        pool = "threads" if self.store.kind.broker == "files" else "prefork"
        return [self.worker(pool, processes, **environ), self.worker(pool, 1, **environ), self.beat()]

    def wait_ready(self) -> None:
        for member in self.members:
            wait_until(member.is_ready, STARTING, f"{member.name} at work")

    def console(self) -> Console:
        made = Console(self.environ, self.store.folder / f"console{len(self.consoles)}.log")
        self.consoles.append(made)
        return made

    def door(self) -> Door:
        """The inbound webhook of the first `web`, once that answers; its workflow is "Fault"."""
        console = self.consoles[0] if self.consoles else self.console()
        token = console.ask("prepare_door", url=self.sink.url())
        web = next(member for member in self.members if member.name == "web")
        wait_until(web.is_ready, STARTING, "the web server")
        port = re.findall(rf"{LISTENING} http://127.0.0.1:(\d+)", web.text())[-1]
        return Door(int(port), token, self.store.folder / "door.acks")

    def settle(self, deadline: float = 60.0) -> Account:
        """Waits until the engine has nothing left to do, and holds all ledgers against one another."""
        console = self.consoles[0]
        wait_until(lambda: console.ask("open_work") == 0, deadline, "an empty queue")
        acks = sorted(self.store.folder.glob("*.acks"))
        return compare(Promised.read(*acks), console.ask("census"), self.sink.read())

    def lost(self) -> Iterator[int]:
        """The exit codes of the processes that pollers lost."""
        for member in self.members:
            for line in member.text().splitlines():
                if line.startswith("lost "):
                    yield int(line.split()[2])
