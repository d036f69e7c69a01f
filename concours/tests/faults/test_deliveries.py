"""T16 and T20 with real web processes: each delivery taken once whoever takes it, and the limit is one for all."""

import http.client
import random
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import LISTENING, STARTING, Fleet, Member
from concours.tests.faults.waiting import wait_until
from providers.tests.twilio.calling import ACCOUNT, TOKEN

pytestmark = pytest.mark.nightly
PUBLIC = "https://crm.example.org"
DELIVERIES = "concours.tests.faults.deliveries:"
STORES = pytest.mark.parametrize("store", ["postgres", "sqlite"])
MESSAGES, REPEATS, CALLERS = 250, 5, 64
# What is told of a message that arrives, and of one that does not; the last is where it ends.
ARRIVES, FAILS = ("queued", "sent", "delivered", "read"), ("queued", "sending", "sent", "undelivered")


class Caller:
    """Posts to the fleet's web server as Twilio does, each from an address that it makes up."""

    def __init__(self, web: Member, path: str) -> None:
        self.port = int(re.findall(rf"{LISTENING} http://127.0.0.1:(\d+)", web.text())[-1])
        self.path, self.validator = path, RequestValidator(TOKEN)

    def send(self, fields: dict[str, str], number: int) -> int:
        headers = {
            "X-Twilio-Signature": self.validator.compute_signature(PUBLIC + self.path, fields),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"203.0.113.{number % 250}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", self.path, urlencode(fields), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def send_all(self, told: Sequence[dict[str, str]]) -> "Counter[int]":
        with ThreadPoolExecutor(CALLERS) as pool:
            return Counter(pool.map(self.send, told, range(len(told))))


def opened(fleet: Fleet, **wanted: Any) -> Caller:
    """Two web processes, and an account that posts to them."""
    web = fleet.web(workers=2, PUBLIC_URL=PUBLIC, ALLOWED_HOSTS="*", HTTPS_ONLY="no")
    path = fleet.console().ask(f"{DELIVERIES}prepare", **wanted)
    wait_until(web.is_ready, STARTING, "the web server")
    return Caller(web, path)


def reports(count: int) -> list[dict[str, str]]:
    """Every report on so many messages, once."""
    return [
        {"MessageSid": f"SM{n}", "MessageStatus": status, "AccountSid": ACCOUNT}
        for n in range(count)
        for status in (FAILS if n % 2 else ARRIVES)
    ]


@STORES
def test_a_thousand_deliveries_sent_five_times_at_once_are_a_thousand(
    fleet: MakeFleet, store: str, chance: random.Random
) -> None:
    crew = fleet(store)
    caller = opened(crew, messages=MESSAGES)
    console = crew.consoles[0]
    told = reports(MESSAGES) * REPEATS
    chance.shuffle(told)

    # A worker goes on meanwhile.
    console.tell(f"{DELIVERIES}work")
    answers = caller.send_all(told)
    console.answer()
    console.ask(f"{DELIVERIES}finish")

    assert answers == {200: 4 * MESSAGES * REPEATS}
    assert console.ask(f"{DELIVERIES}kept") == {
        "rows": 4 * MESSAGES, "tried once": 4 * MESSAGES, "open": 0, "failed": MESSAGES // 2,
        "states": {"read": MESSAGES // 2, "undelivered": MESSAGES // 2},
    }  # fmt: skip


@STORES
def test_sixty_four_senders_get_no_more_than_the_limit_through_two_processes(fleet: MakeFleet, store: str) -> None:
    crew = fleet(store)
    caller = opened(crew, messages=1, per_minute=100)

    answers = caller.send_all(reports(160))

    kept = crew.consoles[0].ask(f"{DELIVERIES}kept")["rows"]
    print(f"{store}: {dict(answers)}")
    assert answers.keys() == {200, 429}
    assert answers[200] == kept
    assert 100 <= kept <= 105
