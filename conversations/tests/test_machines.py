from datetime import UTC, datetime, timedelta

import pytest

from conversations.machines import is_program

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        (FIREFOX, False), ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Safari/604.1", False),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", False),
        ("", True), ("Mozilla/5.0", True), ("Googlebot/2.1", True), ("curl/8.1", True), ("python-requests/2.3", True),
        ("Barracuda Sentinel (EE)", True), ("Mimecast", True), ("Slackbot-LinkExpanding 1.0", True),
    ],
)  # fmt: skip
def test_programs_are_told_by_their_name(agent: str, program: bool) -> None:
    assert is_program(agent, NOW - timedelta(hours=1), NOW) is program


@pytest.mark.parametrize(("seconds", "program"), [(0, True), (1, True), (2, False), (3600, False)])
def test_nobody_reads_a_mail_at_once(seconds: int, program: bool) -> None:
    assert is_program(FIREFOX, NOW - timedelta(seconds=seconds), NOW) is program
