"""opportunity.move: forwards, back where that is allowed, and into another pipeline."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.tests import deal_make as make
from pipelines.tests.deal_play import perform

pytestmark = pytest.mark.django_db

KEY = "opportunity.move"


def test_it_moves_forwards_and_says_from_where_to_where() -> None:
    deal = make.deal()

    done = perform(KEY, deal, stage="Offer")

    deal.refresh_from_db()
    assert (deal.stage.name, deal.entered_stage_at) == ("Offer", play.NOW)
    assert done.summary == "Moved from Enquiry to Offer."
    assert done.result == {"changes": {"stage": {"old": "Enquiry", "new": "Offer"}}}


@pytest.mark.parametrize(("allow_back", "status", "stage"), [(False, "skipped", "Planning"), (True, "done", "Enquiry")])
def test_back_only_where_that_is_allowed(allow_back: bool, status: str, stage: str) -> None:
    make.pipeline()
    deal = make.deal(at="Planning")

    done = perform(KEY, deal, stage="Enquiry", allow_back=allow_back)

    deal.refresh_from_db()
    assert (done.status, deal.stage.name) == (status, stage)
    if not allow_back:
        assert done.summary == "“Enquiry” lies before “Planning”, and going back is not allowed."
        assert contacts.events("opportunity.stage_changed") == []


def test_into_another_pipeline_is_not_back() -> None:
    make.pipeline()
    deal = make.deal(at="Offer")
    make.pipeline("Windows", ("Offer", "Visit"))

    perform(KEY, deal, pipeline="Windows", stage="Offer")

    deal.refresh_from_db()
    assert (deal.pipeline.name, deal.stage.name) == ("Windows", "Offer")


@pytest.mark.parametrize(("reopen", "status"), [(False, "won"), (True, "open")])
def test_a_closed_deal_stays_closed_unless_it_is_to_be_opened(reopen: bool, status: str) -> None:
    deal = make.deal(status="won")

    perform(KEY, deal, stage="Offer", reopen=reopen)

    deal.refresh_from_db()
    assert (deal.stage.name, deal.status) == ("Offer", status)


def test_where_it_is_already_nothing_changes() -> None:
    done = perform(KEY, make.deal(), stage="Enquiry")

    assert (done.status, done.summary) == ("done", "It was in Enquiry already.")


def test_a_stage_that_the_deal_cannot_go_to_fails_in_words() -> None:
    deal = make.deal()
    visit = make.stage("Visit", make.pipeline("Windows", ("Visit",)).name)

    nowhere = perform(KEY, deal, stage="Nowhere")

    deal.refresh_from_db()
    assert (nowhere.status, deal.stage.name) == ("failed", "Enquiry")
    assert nowhere.error == "stage: There is no stage “Nowhere”, or more than one. Name its pipeline too."
    assert play.problems(KEY, pipeline="Kitchens", stage=visit.pk) == [
        (".stage", "“Visit” is a stage of “Windows”, not of “Kitchens”.")
    ]


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"stage": "Anything of its own"}, []),
        ({"pipeline": "Kitchens", "stage": "Offer"}, []),
        ({"pipeline": "Kitchens", "stage": "Gone"},
         [(".stage", "“Kitchens” has no stage “Gone”. Its stages: Enquiry, Planning, Offer.")]),
        ({"stage": 999}, [(".stage", "There is no stage “999”. It may have been deleted; choose another.")]),
        ({"stage": ""}, [(".stage", "Choose a stage.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    make.pipeline()

    assert play.problems(KEY, **config) == problems


def test_preview() -> None:
    assert play.preview(KEY, contacts.contact(), stage="Offer") == "Moves the opportunity to Offer."
