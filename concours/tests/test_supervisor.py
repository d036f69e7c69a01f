"""Real child processes; every wait is on a line, a process or a pipe, with a deadline."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from concours.supervisor import Patience, Program, Supervisor, how_it_ended

DEADLINE = 20.0
HURRIED = Patience(first_pause=0.01, longest_pause=0.04, steady_after=60.0, ending=DEADLINE)

SAYS_PID_AND_WAITS = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
IGNORES_TERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SAYS_PID_AND_WAITS
POLITE = (
    "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit('goodbye'));"
    "print('ready', flush=True); signal.pause()"
)
HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SAYS_PID_AND_WAITS!r}])"


class Running:
    """A supervisor in a thread, and the lines it has written."""

    def __init__(self, programs: list[Program], patience: Patience) -> None:
        self.lines: SimpleQueue[str] = SimpleQueue()
        self.supervisor = Supervisor(programs, self.lines.put, os.environ, patience)
        self.thread = Thread(target=self.supervisor.run)
        self.thread.start()

    def next_line(self) -> str:
        return self.lines.get(timeout=DEADLINE)

    def next_pid(self) -> int:
        return int(self.next_line().partition(" | ")[2])

    def ended(self) -> bool:
        self.thread.join(timeout=DEADLINE)
        return not self.thread.is_alive()


Run = Callable[..., Running]


@pytest.fixture
def run() -> Iterator[Run]:
    started: list[Running] = []

    def start(*programs: Program, patience: Patience = HURRIED) -> Running:
        started.append(Running(list(programs), patience))
        return started[-1]

    yield start
    for running in started:
        running.supervisor.stop()
        assert running.ended()


def python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code))


def is_gone(process: int) -> bool:
    """Whether the process of this pidfd ends before the deadline."""
    return select.select([process], [], [], DEADLINE)[0] == [process]


def test_lines_carry_the_name_of_their_program(run: Run) -> None:
    code = "import signal, sys; print('one'); print('two', file=sys.stderr, flush=True);"
    running = run(python("web", code + "sys.stdout.flush(); signal.pause()"))

    lines = {running.next_line(), running.next_line()}

    assert lines == {"web | one", "web | two"}


def test_bytes_that_are_no_text_do_not_silence_a_program(run: Run) -> None:
    running = run(python("web", "import os, signal; os.write(1, b'\\xff!\\nafter\\n'); signal.pause()"))

    lines = [running.next_line(), running.next_line()]

    assert lines == ["web | \ufffd!", "web | after"]


def test_a_program_that_ends_starts_again_after_growing_pauses(run: Run) -> None:
    running = run(python("beat", "raise SystemExit(3)"))

    lines = [running.next_line() for _ in range(4)]

    assert lines == [
        "beat ended (exit code 3); starting it again in 0.01 s.",
        "beat ended (exit code 3); starting it again in 0.02 s.",
        "beat ended (exit code 3); starting it again in 0.04 s.",
        "beat ended (exit code 3); starting it again in 0.04 s.",
    ]


def test_the_pause_is_short_again_after_a_steady_life(run: Run) -> None:
    always_steady = Patience(first_pause=0.01, longest_pause=0.04, steady_after=0.0, ending=DEADLINE)
    running = run(python("beat", "raise SystemExit(3)"), patience=always_steady)

    lines = [running.next_line() for _ in range(3)]

    assert lines == ["beat ended (exit code 3); starting it again in 0.01 s."] * 3


def test_a_killed_program_comes_back_and_the_others_stay(run: Run) -> None:
    running = run(python("web", SAYS_PID_AND_WAITS))
    web = running.next_pid()
    other = run(python("worker", SAYS_PID_AND_WAITS))
    worker = other.next_pid()

    os.kill(web, signal.SIGKILL)

    assert running.next_line() == "web ended (signal SIGKILL); starting it again in 0.01 s."
    assert running.next_pid() != web
    os.kill(worker, 0)
    assert other.lines.empty()


def test_what_a_dead_program_had_started_dies_with_it(run: Run) -> None:
    running = run(python("web", HAS_A_CHILD))
    grandchild = running.next_pid()
    watched = os.pidfd_open(grandchild)

    program = os.getpgid(grandchild)
    os.kill(program, signal.SIGKILL)

    assert is_gone(watched)
    os.close(watched)


def test_stop_lets_every_program_say_goodbye(run: Run) -> None:
    running = run(python("web", POLITE), python("beat", POLITE))
    assert {running.next_line(), running.next_line()} == {"web | ready", "beat | ready"}

    running.supervisor.stop()

    assert running.ended()
    assert {running.next_line(), running.next_line()} == {"web | goodbye", "beat | goodbye"}
    assert running.lines.empty()


def test_stop_kills_what_does_not_end_in_time(run: Run) -> None:
    patience = Patience(first_pause=0.01, ending=0.01)
    running = run(python("worker", IGNORES_TERM), patience=patience)
    watched = os.pidfd_open(running.next_pid())

    running.supervisor.stop()

    assert running.ended()
    assert is_gone(watched)
    assert running.next_line() == "worker does not end; killing it."
    os.close(watched)


def test_a_second_stop_does_not_wait(run: Run) -> None:
    patience = Patience(first_pause=0.01, ending=3600.0, one_request=0.0)
    running = run(python("worker", IGNORES_TERM), patience=patience)
    running.next_pid()

    running.supervisor.stop()
    running.supervisor.stop()

    assert running.ended()
    assert running.next_line() == "worker does not end; killing it."


def test_two_stops_in_one_breath_are_one(run: Run) -> None:
    patience = Patience(first_pause=0.01, ending=DEADLINE, one_request=3600.0)
    running = run(python("web", POLITE), patience=patience)
    assert running.next_line() == "web | ready"

    running.supervisor.stop()
    running.supervisor.stop()

    assert running.ended()
    assert running.next_line() == "web | goodbye"
    assert running.lines.empty()


def test_stop_does_not_start_what_waits_for_its_restart(run: Run) -> None:
    patience = Patience(first_pause=3600.0, longest_pause=3600.0, ending=DEADLINE)
    running = run(python("beat", "raise SystemExit(1)"), patience=patience)
    assert running.next_line() == "beat ended (exit code 1); starting it again in 3600 s."

    running.supervisor.stop()

    assert running.ended()
    assert running.lines.empty()


def test_a_program_goes_on_when_nobody_reads_its_output(tmp_path: Path) -> None:
    done = tmp_path / "done"
    os.mkfifo(done)
    reader = os.open(done, os.O_RDONLY | os.O_NONBLOCK)
    more_than_a_pipe_holds = f"print('line\\n' * 100_000, flush=True); open({str(done)!r}, 'w').write('done')"

    def refuse(line: str) -> None:
        raise BrokenPipeError

    supervisor = Supervisor([python("web", more_than_a_pipe_holds)], refuse, os.environ, HURRIED)
    thread = Thread(target=supervisor.run)
    thread.start()

    assert select.select([reader], [], [], DEADLINE)[0] == [reader]
    supervisor.stop()
    thread.join(timeout=DEADLINE)
    assert not thread.is_alive()
    os.close(reader)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's part of it is Linux only")
def test_children_do_not_outlive_a_killed_supervisor() -> None:
    code = (
        "import os, sys; from concours.supervisor import Program, Supervisor;"
        f"program = Program('web', (sys.executable, '-c', {IGNORES_TERM!r}));"
        "Supervisor([program], lambda line: print(line, flush=True), os.environ).run()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervising:
        assert supervising.stdout is not None
        child = int(supervising.stdout.readline().partition(" | ")[2])
        watched = os.pidfd_open(child)

        supervising.kill()

        assert is_gone(watched)
        os.close(watched)


@pytest.mark.parametrize(("returncode", "words"), [(0, "exit code 0"), (2, "exit code 2"), (-15, "signal SIGTERM")])
def test_how_a_program_ended_reads_as_words(returncode: int, words: str) -> None:
    assert how_it_ended(returncode) == words
