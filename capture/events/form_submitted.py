"""A visitor sent one of our forms."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from capture.keys import FormNumber
from capture.narrowing import Terms, terms
from triggers.event_types import Happened, Options, event
from triggers.narrowing import together


class Which(Options):
    """Which forms start it, none named means any; and whether the terms were agreed to."""

    forms: list[FormNumber] = Field(default=[], title="Which form", json_schema_extra={"source": "form"})
    terms: Terms = None


@event("form.submitted", label=_("Form submitted"), section="Event Triggers")
class FormSubmitted(Happened):
    """A visitor sent a form of ours. Once per submission, each time the same person sends it again too.

    `answers` holds what was entered, by the key of the question: `event.answers.budget`. `terms` is true where every
    consent was ticked; never touched counts as not agreed. `contact_id` is the contact that the form found or made;
    None where nothing in it says who it is. `utm` and `referrer` tell how the visitor came to the page.
    """

    Options = Which

    form_id: int
    form: str
    contact_id: int | None
    submission_id: int
    submitted_at: datetime
    answers: dict[str, Any]
    terms: bool
    score: int | None
    page_url: str
    referrer: str
    utm: dict[str, str]
    problems: list[str]

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return together(("form_id", "is_any_of", options.forms), ("terms", "is", terms(options.terms)))

    def subject(self) -> tuple[str, int | None]:
        return "capture.submission", self.submission_id
