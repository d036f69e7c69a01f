"""A visitor finished one of our surveys."""

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from capture.keys import FormNumber
from capture.narrowing import Terms, terms
from triggers.event_types import Happened, Options, event
from triggers.narrowing import together


class Which(Options):
    """Which surveys start it, none named means any; whether the visitor was disqualified; and whether the terms
    were agreed to."""

    surveys: list[FormNumber] = Field(default=[], title="Which survey", json_schema_extra={"source": "survey"})
    disqualified: Literal["yes", "no"] | None = Field(
        default=None,
        title=gettext_noop("Disqualified"),
        json_schema_extra={"labels": {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}},
    )
    terms: Terms = None


@event("survey.submitted", label=_("Survey submitted"), section="Event Triggers")
class SurveySubmitted(Happened):
    """A visitor came to the end of a survey, also where an answer disqualified them. Once per submission.

    `answers` holds what was answered on the pages gone through, by the key of the question. `score` is the sum of
    the points of what was chosen; None where no choice has points. `terms` is true where every consent was ticked.
    """

    Options = Which

    survey_id: int
    survey: str
    contact_id: int | None
    submission_id: int
    submitted_at: datetime
    answers: dict[str, Any]
    disqualified: bool
    score: int | None
    terms: bool
    page_url: str
    referrer: str
    utm: dict[str, str]
    problems: list[str]

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return together(
            ("survey_id", "is_any_of", options.surveys),
            ("disqualified", "is", options.disqualified and options.disqualified == "yes"),
            ("terms", "is", terms(options.terms)),
        )

    def subject(self) -> tuple[str, int | None]:
        return "capture.submission", self.submission_id
