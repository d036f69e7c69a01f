"""opportunity.create: a deal for the run's contact, or the one it has."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers import services, sweeping
from triggers.models import ActionRun, Run

pytestmark = pytest.mark.django_db

KEY = "opportunity.create"


def test_a_deal_is_made_from_fixed_and_computed_values() -> None:
    make.pipeline()
    mia = contacts.contact(owner=contacts.user("ana"))

    done = play.perform(
        KEY, mia, pipeline="kitchens", stage="Planning",
        values={"name": "Kitchen of {{ contact.first_name }}", "value": "1234.50", "owner": "ana", "source": "{{ vars.x }}"},
    )  # fmt: skip

    deal = Opportunity.objects.get()
    assert (str(deal), deal.stage.name, deal.value, deal.currency, str(deal.owner), deal.source) == (
        "Kitchen of Mia", "Planning", 1234.5, "EUR", "ana", "",
    )  # fmt: skip
    assert (deal.contact, deal.created_at) == (mia, play.NOW)
    assert (done.summary, done.result) == ("Created “Kitchen of Mia” in Planning.", {"opportunity_id": deal.pk})
    [event] = contacts.events("opportunity.created")
    assert (event.cause, event.actor) == (done.key, "workflow")


def test_a_second_one_only_where_duplicates_are_allowed() -> None:
    deal = make.deal(contacts.contact())

    kept = play.perform(KEY, deal.contact, pipeline="Kitchens")
    assert (kept.summary, kept.result) == (
        "There is “Island” already; duplicates are not allowed.", {"opportunity_id": deal.pk},
    )  # fmt: skip
    assert Opportunity.objects.count() == 1

    play.perform(KEY, deal.contact, pipeline="Kitchens", allow_duplicates=True)
    assert Opportunity.objects.count() == 2


def test_a_closed_deal_and_one_elsewhere_are_no_duplicates() -> None:
    deal = make.deal(contacts.contact(), status="won")
    make.pipeline("Windows", ("Visit",))
    make.deal(deal.contact, at="Visit")

    play.perform(KEY, deal.contact, pipeline="Kitchens")

    assert Opportunity.objects.filter(pipeline=deal.pipeline).count() == 2


def test_the_run_goes_on_with_it() -> None:
    make.pipeline()
    contacts.field("size", "number", on="pipelines.opportunity")
    document = {
        "triggers": [{"uid": "t1", "event": "note.added", "config": {}, "conditions": None}],
        "actions": [
            {"uid": "a1", "action": KEY, "config": {"pipeline": "Kitchens", "values": {"name": "Island"}}},
            {"uid": "a2", "action": "opportunity.move", "config": {"stage": "Offer"},
             "only_if": {"field": "opportunity.stage_name", "op": "is", "value": "Enquiry"}},
            {"uid": "a3", "action": "opportunity.update", "config": {
                "values": {"custom_fields.size": 3, "source": "{{ opportunity.name }} in {{ opportunity.stage_name }}"},
            }},
        ],
        "settings": {},
    }  # fmt: skip
    flow = services.create("Test", document)
    services.publish(flow)
    contacts.note(contacts.contact())

    sweeping.drain(play.NOW)

    deal = Opportunity.objects.get()
    assert [done.status for done in ActionRun.objects.order_by("id")] == ["done", "done", "done"]
    assert (deal.stage.name, deal.source, deal.custom_fields) == ("Offer", "Island in Offer", {"size": 3})
    assert Run.objects.get().vars["#opportunity"] == deal.pk


def test_before_it_nothing_may_ask_for_the_deal() -> None:
    make.pipeline()
    document = {
        "triggers": [{"uid": "t1", "event": "note.added", "config": {}, "conditions": None}],
        "actions": [
            {"uid": "a1", "action": "data.set", "config": {"values": {"x": "{{ opportunity.name }}"}}},
            {"uid": "a2", "action": KEY, "config": {"pipeline": "Kitchens"}},
        ],
        "settings": {},
    }
    from triggers.problems import pointer
    from triggers.workflows import checking

    assert [pointer(each.path) for each in checking.check(document) if not each.warning] == [
        "actions[0].config.values.x"
    ]


@pytest.mark.parametrize(
    ("config", "error"),
    [
        (
            {"pipeline": "Kitchens", "values": {"value": "{{ event.body }}"}},
            "value: Enter an amount, for example 5000.",
        ),
        ({"pipeline": "Kitchens", "values": {"expected_close": "{{ event.body }}"}}, "expected close: "),
    ],
)
def test_a_value_that_the_deal_refuses_fails_with_its_reason(config: dict[str, Any], error: str) -> None:
    make.pipeline()

    done = play.perform(KEY, contacts.contact(), "soon", **config)

    assert done.status == "failed"
    assert done.error.startswith(error)
    assert not Opportunity.objects.exists()


def test_preview_and_simulation_write_nothing() -> None:
    deal = make.deal(contacts.contact())

    assert (
        play.preview(KEY, deal.contact, pipeline="Kitchens", values={"name": "Loft"}) == "Creates “Loft” in Kitchens."
    )
    assert play.preview(KEY, deal.contact, pipeline="Kitchens") == "Creates an opportunity in Kitchens."
    outcome, _contact = play.simulate(KEY, deal.contact, pipeline="Kitchens")
    assert (outcome.outcome, outcome.result) == ("found", {"opportunity_id": deal.pk})
    outcome, _contact = play.simulate(KEY, deal.contact, pipeline="Kitchens", allow_duplicates=True)
    assert outcome.outcome == "created"


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"pipeline": "Kitchens", "stage": "Offer", "values": {"name": "x", "value": "5", "status": "open"}}, []),
        ({"pipeline": "Kitchen"}, [(".pipeline", "There is no pipeline “Kitchen”.")]),
        ({"pipeline": "Kitchens", "stage": "Gone"},
         [(".stage", "“Kitchens” has no stage “Gone”. Its stages: Enquiry, Planning, Offer.")]),
        ({"pipeline": "Kitchens", "values": {"valu": "5"}},
         [(".values.valu", "An opportunity has no field “valu”. Is it “value”?")]),
        ({"pipeline": "Kitchens", "values": {"stage": "Offer"}},
         [(".values.stage", "Choose pipeline and stage in their own fields; the contact is the run's.")]),
        ({"pipeline": "Kitchens", "values": {"owner": "zoe", "currency": "XXX"}},
         [(".values.owner", "There is no user “zoe”."),
          (".values.currency", "“XXX” is no currency. Enter its three letters, such as EUR.")]),
        ({"pipeline": "Kitchens", "values": {"value": "-5"}}, [(".values.value", "A value is never below zero.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    make.pipeline()

    assert play.problems(KEY, **config) == problems
