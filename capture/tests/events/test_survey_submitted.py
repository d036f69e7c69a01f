"""`survey.submitted`: which surveys and outcomes start a workflow, and what the event tells."""

import pytest

from capture.events.survey_submitted import SurveySubmitted, Which
from capture.tests import make
from contacts.models import Contact
from triggers import registry
from triggers.models import Event
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events["survey.submitted"] is SurveySubmitted
    assert (str(SurveySubmitted.label), SurveySubmitted.section) == ("Survey submitted", "Event Triggers")


def test_it_is_narrowed_by_survey_outcome_and_consent() -> None:
    assert SurveySubmitted.narrow(Which()) is None
    assert SurveySubmitted.narrow(Which(disqualified="no")) == {
        "field": "event.disqualified", "op": "is", "value": False,
    }  # fmt: skip
    assert SurveySubmitted.narrow(Which(surveys=[4], disqualified="yes", terms="agreed")) == {
        "all": [
            {"field": "event.survey_id", "op": "is_any_of", "value": [4]},
            {"field": "event.disqualified", "op": "is", "value": True},
            {"field": "event.terms", "op": "is", "value": True},
        ]
    }


def test_a_survey_of_one_page_tells_its_own_event() -> None:
    survey = make.survey("Quick", {"label": "Name", "maps_to": "name"})

    make.send(survey, {"name": "Anna Schmidt"})

    [event] = Event.objects.filter(type="survey.submitted")
    assert (event.data["survey_id"], event.data["survey"]) == (survey.pk, "Quick")
    assert (event.data["disqualified"], event.data["score"], event.data["answers"]) == (
        False, None, {"name": "Anna Schmidt"},
    )  # fmt: skip
    assert not Event.objects.filter(type="form.submitted").exists()


def test_it_starts_the_workflows_of_its_survey() -> None:
    survey, other = (make.survey(name, {"label": "Name", "maps_to": "name"}) for name in ("Quick", "Other"))
    flow = engine.on("survey.submitted", surveys=[survey.pk])

    make.send(other, {"name": "Ben Beck"})
    make.send(survey, {"name": "Anna Schmidt"})

    [whose] = engine.ran(flow)
    assert Contact.objects.get(pk=whose).last_name == "Schmidt"
