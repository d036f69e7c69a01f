from collections.abc import Iterator

import pytest

from conversations import numbers
from conversations.numbers import LookupFailed, Verdict
from triggers.models import Event
from triggers.problems import Invalid
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
asked: list[str] = []


@pytest.fixture
def provider() -> Iterator[None]:
    """A look-up such as a provider registers."""

    def look_up(number: str) -> Verdict:
        asked.append(number)
        if number.endswith("0"):
            raise LookupFailed("The look-up is away.")
        return Verdict(number, "voip", "acme", line_type="nonFixedVoip", carrier="Acme", country="DE")

    asked.clear()
    numbers.lookups["acme"] = look_up
    yield
    del numbers.lookups["acme"]


def validated(phone: str, **config: str) -> object:
    return play.perform("contact.validate_phone", who=make.contact(phone=phone), **config)


def test_offline_the_ranges_decide_and_later_actions_read_it() -> None:
    done = validated("+4915123456789")

    assert (done.status, done.summary) == ("done", "+4915123456789 is mobile.")
    assert done.result == {
        "number": "+4915123456789", "verdict": "mobile", "valid": True, "code": "", "line_type": "mobile",
        "carrier": "", "country": "DE",
    }  # fmt: skip
    told = Event.objects.get(type="phone.validated")
    assert (told.data["verdict"], told.data["source"], told.cause) == ("mobile", "offline", done.key)


def test_a_provider_is_asked_where_one_is_chosen(provider: None) -> None:
    done = validated("+49301234567", by="acme")

    assert asked == ["+49301234567"]
    assert done.result["verdict"] == "voip"
    assert Event.objects.get(type="phone.validated").data["source"] == "acme"


def test_a_provider_that_is_away_is_asked_again(provider: None) -> None:
    done = validated("+49301234560", by="acme")

    assert (done.status, done.error) == ("pending", "The look-up is away.")
    assert not Event.objects.filter(type="phone.validated").exists()


def test_without_a_number_there_is_nothing_to_look_up() -> None:
    done = validated("")

    assert (done.status, done.summary) == ("skipped", "Anna has no phone number.")


def test_a_look_up_that_nobody_offers_is_not_published() -> None:
    with pytest.raises(Invalid) as caught:
        make.workflow(make.action("a1", "contact.validate_phone", by="nobody"))

    assert [problem.message for problem in caught.value.problems] == ["Nothing called “nobody” looks numbers up."]
