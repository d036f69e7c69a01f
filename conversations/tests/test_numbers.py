from datetime import UTC, datetime

import pytest

from conversations import numbers
from conversations.models import NumberVerdict
from conversations.numbers import Verdict
from conversations.tests.test_statuses import report, sent
from triggers.models import Event
from triggers.tests import make

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "region", "verdict", "code", "country"),
    [
        ("+4915123456789", "", "mobile", "", "DE"), ("+49301234567", "", "landline", "", "DE"),
        ("030 1234567", "DE", "landline", "", "DE"), ("+12125550123", "", "valid", "", "US"),
        ("+999123456", "", "invalid", "not_a_number", ""), ("12", "DE", "invalid", "impossible_length", ""),
        ("abc", "", "invalid", "not_a_number", ""), ("+1" * 40, "", "invalid", "impossible_length", ""),
        ("+491234", "", "invalid", "not_in_use", "DE"), ("+448450000000", "", "valid", "", "GB"),
    ],
)  # fmt: skip
def test_what_can_be_said_offline(raw: str, region: str, verdict: str, code: str, country: str) -> None:
    found = numbers.offline(raw, region)

    assert (found.verdict, found.code, found.country) == (verdict, code, country)
    assert found.valid == (verdict != "invalid")


@pytest.mark.django_db
def test_a_verdict_is_told_once_and_again_when_it_changes() -> None:
    contact = make.contact()

    told = [
        numbers.record(contact, Verdict("+49301", verdict), NOW)
        for verdict in ("mobile", "mobile", "invalid", "mobile")
    ]

    assert told == [True, False, True, True]
    assert Event.objects.filter(type="phone.validated").count() == 3
    assert NumberVerdict.objects.get().verdict == "mobile"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "verdicts"), [("21211", ["invalid"]), ("30006", ["landline"]), ("30003", []), ("", [])]
)
def test_a_refused_text_is_a_verdict_where_it_was_for_the_number(code: str, verdicts: list[str]) -> None:
    message = sent()

    report("undelivered", code=code)

    found = [event.data for event in Event.objects.filter(type="phone.validated")]
    assert [(data["verdict"], data["source"], data["code"]) for data in found] == [(v, "send", code) for v in verdicts]
    assert all(data["number"] == message.to_address for data in found)


def test_every_refusal_is_a_verdict_that_the_event_knows() -> None:
    assert set(numbers.REFUSALS.values()) <= {"invalid", "landline"}
