"""opportunity.update: fields of the run's own deal."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from pipelines.tests.deal_play import perform

pytestmark = pytest.mark.django_db

KEY = "opportunity.update"


def test_fields_are_set_and_cleared() -> None:
    deal = make.deal(value=5, owner=contacts.user("ana"))
    make.reason()

    done = perform(KEY, deal, values={"status": "lost", "lost_reason": "Too dear", "value": "7.5"}, clear=["owner"])

    deal.refresh_from_db()
    assert (deal.status, str(deal.lost_reason), deal.value, deal.owner) == ("lost", "Too dear", 7.5, None)
    assert deal.closed_at == play.NOW
    assert done.result == {
        "changes": {
            "lost_reason": {"old": None, "new": "Too dear"}, "owner": {"old": "ana", "new": None},
            "status": {"old": "open", "new": "lost"}, "value": {"old": "5.00", "new": "7.50"},
        }
    }  # fmt: skip
    assert done.summary == "Changed: reason, owner, status, value."


def test_what_is_so_already_is_neither_written_nor_told() -> None:
    done = perform(KEY, make.deal(value=5), values={"value": "5", "name": "{{ vars.x }}"})

    assert (done.summary, done.result) == ("Everything was so already.", {"changes": {}})


def test_a_reason_that_does_not_fit_fails_in_words() -> None:
    deal = make.deal()
    make.reason()

    done = perform(KEY, deal, values={"status": "won", "lost_reason": "Too dear"})

    deal.refresh_from_db()
    assert (done.status, deal.status) == ("failed", "open")
    assert done.error == "reason: “Too dear” is a reason for deals that are Lost."


def test_without_a_deal_and_with_one_that_is_gone_it_fails_in_words() -> None:
    none = play.perform(KEY, contacts.contact(), values={"status": "won"})
    assert none.error == "This run has no opportunity. Find or create one earlier in the workflow."

    deal = make.deal()
    flow = play.live(KEY, event="opportunity.changed", values={"status": "won"})
    Opportunity.objects.update(source="Fair")
    from triggers.matching import match

    match.match_due(now=play.NOW)
    deal.delete()
    assert play.drained(flow).error == "The opportunity of this run was deleted."


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"values": {"status": "won"}, "clear": ["owner", "custom_fields.size"]}, []),
        ({}, [("", "Name at least one field to set or to clear.")]),
        ({"values": {"status": "closed"}},
         [(".values.status", "“closed” is no status. Choose from: open, won, lost, abandoned.")]),
        ({"values": {"pipeline": "Kitchens"}},
         [(".values.pipeline", "Choose pipeline and stage in their own fields; the contact is the run's.")]),
        ({"clear": ["status"]}, [(".clear[0]", "This field always has a value; set it to another one.")]),
        ({"clear": ["stage"]},
         [(".clear[0]", "Choose pipeline and stage in their own fields; the contact is the run's.")]),
        ({"clear": ["ownr"]}, [(".clear[0]", "An opportunity has no field “ownr”. Is it “owner”?")]),
        ({"values": {"source": "x"}, "clear": ["source"]},
         [(".clear[0]", "This field is set above; either set or clear it.")]),
        ({"values": {"custom_fields.sise": 1}},
         [(".values.custom_fields.sise", "There is no custom field “sise”; none is defined yet.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    make.pipeline()

    assert play.problems(KEY, **config) == problems


def test_preview() -> None:
    assert play.preview(KEY, contacts.contact(), values={"status": "won"}, clear=["owner"]) == (
        "Sets status to “won”; clears owner."
    )
