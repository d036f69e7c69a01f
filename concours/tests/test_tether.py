import os
import signal
import subprocess
import sys

import pytest

from concours.supervisor import TETHER

FOUR = (sys.executable, "-c", "raise SystemExit(4)")


def tethered_to(parent: int) -> int:
    """The return code of a program that is to be tied to the process `parent`."""
    return subprocess.run([sys.executable, str(TETHER), str(parent), *FOUR], timeout=20, check=False).returncode


def test_the_program_takes_the_place_of_the_tether() -> None:
    assert tethered_to(os.getpid()) == 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's part of it is Linux only")
def test_a_program_whose_parent_ended_before_the_tie_does_not_start() -> None:
    another = os.getppid()

    assert tethered_to(another) == -signal.SIGKILL
