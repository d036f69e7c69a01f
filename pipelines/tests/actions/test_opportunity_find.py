"""opportunity.find: a deal of the run's contact, which the run goes on with."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers import services, sweeping

pytestmark = pytest.mark.django_db

KEY = "opportunity.find"


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, "Loft"),
        ({"which": "oldest"}, "Island"),
        ({"statuses": ["won"]}, "Won"),
        ({"statuses": []}, "Won"),
        ({"name": "island"}, "Island"),
        ({"name": "{{ event.body }}"}, "Island"),
        ({"pipeline": "Windows"}, None),
        ({"name": "{{ vars.x }}"}, None),
    ],
)
def test_what_fits_is_found(config: dict[str, Any], found: str | None) -> None:
    mia = contacts.contact()
    deals = {name: make.deal(mia, name) for name in ("Island", "Loft")} | {"Won": make.deal(mia, "Won", status="won")}
    make.deal(contacts.contact(first_name="Ben"), "Newest of all")
    make.pipeline("Windows", ("Visit",))

    done = play.perform(KEY, mia, "Island", **config)

    assert done.status == "done"
    assert done.result == ({"opportunity_id": deals[found].pk} if found else {})


def test_its_outcomes_and_what_comes_after_it() -> None:
    deal = make.deal(contacts.contact())
    document = {
        "triggers": [{"uid": "t1", "event": "note.added", "config": {}, "conditions": None}],
        "actions": [{
            "uid": "a1", "action": KEY, "config": {}, "outcomes": {
                "found": [{"uid": "a2", "action": "opportunity.update", "config": {"values": {"status": "won"}}}],
                "not_found": [{"uid": "a3", "action": "opportunity.create", "config": {"pipeline": "Kitchens"}}],
            },
        }],
        "settings": {},
    }  # fmt: skip
    services.publish(services.create("Test", document))
    contacts.note(deal.contact)
    contacts.note(contacts.contact(first_name="Ben"))

    sweeping.drain(play.NOW)

    deal.refresh_from_db()
    assert deal.status == "won"
    assert [str(each.contact) for each in Opportunity.objects.filter(status="open")] == ["Ben"]


def test_problems_preview_and_simulation() -> None:
    deal = make.deal(contacts.contact())

    assert play.problems(KEY, pipeline="Gone") == [(".pipeline", "There is no pipeline “Gone”.")]
    assert play.preview(KEY, deal.contact) == "Finds the contact's newest opportunity that fits."
    outcome, _contact = play.simulate(KEY, deal.contact)
    assert (outcome.outcome, outcome.result) == ("found", {"opportunity_id": deal.pk})
