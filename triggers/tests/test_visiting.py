"""Who asks at a public address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from capture.tests import make
from triggers import visiting

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def request(method: str = "GET", **headers: str) -> Any:
    named = {"User-Agent": make.BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return RequestFactory().generic(method, "/", headers=named)


@pytest.mark.parametrize("agent", [
    make.BROWSER, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 SamsungBrowser/25.0 Mobile Safari/537.36",
])  # fmt: skip
def test_browsers_are_people(agent: str) -> None:
    assert not visiting.is_program(request(User_Agent=agent))


@pytest.mark.parametrize("given", [
    {"method": "HEAD"}, {"User_Agent": ""}, {"User_Agent": "curl/8.1"}, {"Purpose": "prefetch"},
    {"User_Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, {"Sec_Purpose": "prefetch;prerender"},
    {"User_Agent": "Slackbot-LinkExpanding 1.0"}, {"User_Agent": "Mimecast-Scanner"}, {"X_Purpose": "preview"},
])  # fmt: skip
def test_programs_are_none(given: dict[str, str]) -> None:
    assert visiting.is_program(request(**given))


def test_what_a_request_says_of_its_address_counts_behind_proxies_alone(settings: Any) -> None:
    asked = request(X_Forwarded_For="6.6.6.6, 10.0.0.1, 10.0.0.2")

    found = []
    for proxies in (0, 1, 2, 9):
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
        found.append(visiting.address_of(asked))

    assert found == ["127.0.0.1", "10.0.0.2", "10.0.0.1", "6.6.6.6"]


def test_a_mark_is_good_for_a_day_alone() -> None:
    mark = visiting.mark_of(request(), NOON)

    assert mark == visiting.mark_of(request(), NOON + timedelta(hours=11))
    assert mark != visiting.mark_of(request(), NOON + timedelta(hours=12))
    assert mark != visiting.mark_of(request(User_Agent="Other"), NOON)


def test_one_address_waits_and_others_do_not_until_all_together_are_too_many() -> None:
    def wait(address: str) -> float:
        asked = RequestFactory().get("/", REMOTE_ADDR=address)
        return visiting.seconds_to_wait("x", asked, 2, 5, NOON)

    assert [wait("10.0.0.1") > 0 for _n in range(3)] == [False, False, True]
    assert [wait(f"10.0.0.{n}") > 0 for n in range(2, 7)] == [False, False, False, True, True]


def test_without_the_cache_visitors_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> float:
        raise ConnectionError("the cache is gone")

    monkeypatch.setattr("triggers.visiting.wait_for_turn", gone)

    assert visiting.seconds_to_wait("x", request(), 1, 1, NOON) == 0.0


def test_campaigns_and_addresses_are_bounded_lines() -> None:
    query = {"utm_source": " tv\n\0\ud800", "utm_term": "x" * 500, "utm_other": "no", "utm_medium": ""}

    assert visiting.utm_of(query) == {"utm_source": "tv", "utm_term": "x" * 120}
    assert visiting.address("https://a.example/" + "b" * 900) == "https://a.example/" + "b" * 482
    assert visiting.address("javascript:alert(1)") == ""
