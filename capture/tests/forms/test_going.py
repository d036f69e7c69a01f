"""The way through a survey: pages, branches, going back, points, and how it ends."""

from typing import Any

import pytest
from django.http import HttpResponse

from capture.models import Form, Submission
from capture.tests import make
from triggers.models import Event

pytestmark = pytest.mark.django_db


def survey(**fields: Any) -> Form:
    """Page 1 asks who decides and how many, page 2 about a budget, page 3 for the name."""
    return make.survey(
        "Fit",
        {"label": "Who", "kind": "choice", "page": 1, "choices": [
            {"label": "I", "points": 10, "to": "3"}, {"label": "Together", "points": 5},
            {"label": "Nobody", "to": "disqualify"}, {"label": "Enough", "to": "end"},
        ]},
        {"label": "Budget", "kind": "number", "page": 2, "required": True},
        {"label": "Name", "page": 3, "maps_to": "name", "required": True},
        {"label": "Extras", "kind": "multi_choice", "page": 3,
         "choices": [{"label": "a", "points": 1}, {"label": "b", "points": 2}]},
        **fields,
    )  # fmt: skip


def on(form: Form, page: HttpResponse, **answers: Any) -> HttpResponse:
    return make.send(form, answers, make.shown(page))


def told() -> dict[str, Any]:
    [event] = Event.objects.filter(type="survey.submitted")
    return {name: event.data[name] for name in ("answers", "score", "disqualified")}


def test_pages_come_one_after_the_other_and_count_as_one_submission() -> None:
    form = survey()

    second = make.send(form, {"who": "Together"})
    third = on(form, second, budget="5000")
    done = on(form, third, name="Anna Schmidt", extras=["a", "b"])

    assert "Page 2 of 3" in second.content.decode()
    assert "Page 3 of 3" in third.content.decode()
    assert "Thank you" in done.content.decode()
    answers = {"who": "Together", "budget": 5000, "name": "Anna Schmidt", "extras": ["a", "b"]}
    assert told() == {"answers": answers, "score": 8, "disqualified": False}
    assert Submission.objects.get().score == 8


def test_an_answer_leads_past_pages() -> None:
    form = survey()

    third = make.send(form, {"who": "I"})
    on(form, third, name="Anna")

    assert "Page 3 of 3" in third.content.decode()
    assert told() == {"answers": {"who": "I", "name": "Anna"}, "score": 10, "disqualified": False}


@pytest.mark.parametrize(("who", "disqualified", "said"), [("Nobody", True, "Not for you"), ("Enough", False, "Bye")])
def test_an_answer_ends_it(who: str, disqualified: bool, said: str) -> None:
    form = survey(disqualified_text="Not for you", thank_you="Bye")

    page = make.send(form, {"who": who})

    assert said in page.content.decode()
    assert told() == {"answers": {"who": who}, "score": 0, "disqualified": disqualified}


def test_going_back_shows_what_was_answered_and_another_way_drops_what_lies_off_it() -> None:
    form = survey()
    second = make.send(form, {"who": "Together"})
    third = on(form, second, budget="5000")

    back = on(form, on(form, third, _back="1"), _back="1")
    again = on(form, back, who="I")
    on(form, again, name="Anna")

    assert 'value="Together" checked' in back.content.decode()
    assert told()["answers"] == {"who": "I", "name": "Anna"}


def test_a_page_that_is_wrong_is_asked_again_and_keeps_the_ones_before() -> None:
    form = survey()
    second = make.send(form, {"who": "Together"})

    refused = on(form, second, budget="much")
    third = on(form, refused, budget="1")
    on(form, third, name="Anna")

    assert refused.status_code == 422
    assert told()["answers"] == {"who": "Together", "budget": 1, "name": "Anna"}


def test_a_page_that_was_not_shown_cannot_be_answered() -> None:
    form = survey()

    make.send(form, {"who": "Enough", "name": "Anna", "budget": "5"})

    assert told()["answers"] == {"who": "Enough"}


def test_the_last_page_sent_twice_counts_once() -> None:
    form = survey()
    third = make.send(form, {"who": "I"})

    on(form, third, name="Anna")
    on(form, third, name="Anna")

    assert Submission.objects.count() == 1


def test_a_survey_whose_pages_changed_meanwhile_still_ends() -> None:
    form = survey()
    second = make.send(form, {"who": "Together"})
    form.fields.filter(page__gt=1).delete()

    done = on(form, second, budget="5")

    assert "Thank you" in done.content.decode()


def test_only_the_last_page_may_be_too_quick() -> None:
    form = survey(min_seconds=60)

    second = make.send(form, {"who": "Together"})
    third = on(form, second, budget="1")
    quick = on(form, third, name="Anna")

    assert "Page 3 of 3" in third.content.decode()
    assert "That was quick." in quick.content.decode()
    assert 'value="Anna"' in quick.content.decode()
    assert not Submission.objects.exists()
