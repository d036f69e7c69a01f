"""Keeps a few programs running side by side, and ends them together.

It knows nothing of what it runs: `manage.py serve` names the programs.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import IO

from django.utils.translation import gettext as _

TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Program:
    """What to run, and the name its lines are prefixed with."""

    name: str
    argv: tuple[str, ...]


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: before a restart, and for an end."""

    first_pause: float = 1.0
    longest_pause: float = 30.0
    # A program that ran this long counts as healthy: its next pause is the first one again.
    steady_after: float = 60.0
    ending: float = 30.0
    # A second request to stop ends the waiting, unless it comes with the first: `timeout`, or a shell
    # that signals the group and the leader, asks twice and means it once.
    one_request: float = 1.0


@dataclass
class Child:
    """One life of a program, from start to end, with the threads that read and await it."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    threads: list[Thread] = field(default_factory=list)


class Supervisor:
    """Runs `programs` until `stop`; `write` receives each line a person is to see, without line end."""

    def __init__(
        self,
        programs: Sequence[Program],
        write: Callable[[str], None],
        environ: Mapping[str, str],
        patience: Patience | None = None,
    ) -> None:
        self.programs = programs
        self.environ = environ
        self.patience = patience or Patience()
        self._write = write
        self._writing = Lock()
        # What run() waits for: a child that ended, or None for a request to stop. SimpleQueue, because
        # stop() is called from signal handlers, which may interrupt any other queue half way.
        self._news: SimpleQueue[Child | None] = SimpleQueue()
        self._alive: dict[Program, Child] = {}
        self._restarts: dict[Program, float] = {}
        self._pauses: dict[Program, float] = {}

    def run(self) -> None:
        """Start every program, restart those that end, and return once `stop` has ended them all.

        Linux ends a tethered child with the *thread* that started it, so call this from a thread that
        lives as long as the programs shall.
        """
        try:
            for program in self.programs:
                self._start(program)
            self._keep_running()
        finally:
            self._end_all()

    def stop(self) -> None:
        """Ask `run` to end everything. A second request ends it without waiting. Safe in signal handlers."""
        self._news.put(None)

    def say(self, line: str) -> None:
        """Write one line; lines of different programs never mix."""
        # Whoever read our output may be gone; the programs must not stall or die for that.
        with self._writing, contextlib.suppress(BrokenPipeError):
            self._write(line)

    def _start(self, program: Program) -> None:
        # A process group of its own keeps the terminal's Ctrl-C from the program: it hears of the end
        # from us, once, and its own children can be found when it is gone.
        process = subprocess.Popen(  # noqa: S603 - argv comes from our code
            [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *program.argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environ,
            process_group=0,
        )
        assert process.stdout is not None
        child = self._alive[program] = Child(program, process, monotonic())
        child.threads = [
            Thread(target=self._relay, args=(program.name, process.stdout), daemon=True),
            Thread(target=self._await, args=(child,), daemon=True),
        ]
        for thread in child.threads:
            thread.start()

    def _relay(self, name: str, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self.say(f"{name} | {line.decode(errors='replace').rstrip()}")

    def _await(self, child: Child) -> None:
        child.process.wait()
        self._news.put(child)

    def _keep_running(self) -> None:
        while True:
            try:
                news = self._news.get(timeout=self._until_next_restart())
            except Empty:
                self._restart_due()
                continue
            if news is None:
                return
            self._bury(news)
            self._plan_restart(news)

    def _until_next_restart(self) -> float | None:
        if not self._restarts:
            return None
        return max(0.0, min(self._restarts.values()) - monotonic())

    def _restart_due(self) -> None:
        for program in [each for each, due in self._restarts.items() if due <= monotonic()]:
            del self._restarts[program]
            self._start(program)

    def _plan_restart(self, child: Child) -> None:
        program, patience = child.program, self.patience
        last = self._pauses.get(program, 0.0)
        if monotonic() - child.started >= patience.steady_after:
            last = 0.0
        pause = min(last * 2, patience.longest_pause) or patience.first_pause
        self._pauses[program] = pause
        self._restarts[program] = monotonic() + pause
        self.say(
            _("%(name)s ended (%(how)s); starting it again in %(pause)g s.")
            % {"name": program.name, "how": how_it_ended(child.process.returncode), "pause": pause}
        )

    def _bury(self, child: Child) -> None:
        del self._alive[child.program]
        # What the program itself had started would hold its port and its output open.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        for thread in child.threads:
            thread.join(timeout=5)

    def _end_all(self) -> None:
        for child in self._alive.values():
            child.process.terminate()
        self._bury_willing(monotonic())
        for child in list(self._alive.values()):
            self.say(_("%(name)s does not end; killing it.") % {"name": child.program.name})
            child.process.kill()
            self._bury(child)

    def _bury_willing(self, asked: float) -> None:
        while self._alive:
            try:
                news = self._news.get(timeout=max(0.0, asked + self.patience.ending - monotonic()))
            except Empty:
                return
            if news is not None:
                self._bury(news)
            elif monotonic() - asked >= self.patience.one_request:
                return


def how_it_ended(returncode: int) -> str:
    """Say in words what a process's return code means: an exit code, or the signal that ended it."""
    if returncode >= 0:
        return _("exit code %(code)d") % {"code": returncode}
    return _("signal %(signal)s") % {"signal": signal.Signals(-returncode).name}
