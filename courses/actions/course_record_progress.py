"""Records that the contact began or completed something in a learning system outside."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of, refusal
from courses import reporting
from courses.learning import STATES
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext

MOVES = ("started", "completed")
KINDS = ("lesson", "category", "product")


@action(
    "course.record_progress",
    label=gettext_lazy("Record course progress"),
    section="Courses",
    may_cause=tuple(f"course.{kind}_{move}" for kind in KINDS for move in MOVES),
    texts=("number", "state", "occurred_at"),
    needs=("courses.change_enrolment",),
)
class CourseRecordProgress(Action):
    """Records what a learning system outside tells of the contact, such as by an inbound webhook.

    What arrives twice, or late, changes nothing that was reached already.
    """

    of: Literal["lesson", "category", "course"] = Field(
        "lesson", title=gettext_noop("Of what"),
        json_schema_extra={"labels": {
            "lesson": gettext_noop("A lesson"), "category": gettext_noop("A category"),
            "course": gettext_noop("A whole course"),
        }},
    )  # fmt: skip
    number: str = Field(
        min_length=1, max_length=400, title=gettext_noop("Its number outside"),
        examples=["{{ event.body.lesson_id }}"],
    )  # fmt: skip
    state: str = Field(
        "completed", min_length=1, max_length=400, title=gettext_noop("What happened: started or completed")
    )
    occurred_at: str = Field("", max_length=400, title=gettext_noop("When; empty for now"))

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        said = ctx.render_line(self.state).strip()
        state = next((each for each in STATES if each == said.lower()), None)
        if state is None:
            return Fail(_("“%(state)s” is neither started nor completed.") % {"state": said})
        try:
            at = reporting.moment_in(ctx.render_line(self.occurred_at), ctx.zone) or ctx.now
            part = reporting.part_of({self.of: ctx.render_line(self.number)})
            enrolment = reporting.record(contact, part, state, at, ctx.now)
        except ValidationError as error:
            return Fail(refusal(error, lambda name: name))
        words = {"part": part.title, "course": enrolment.product.title}
        said = (
            _("Began “%(part)s” of “%(course)s”.") if state == "started" else _("Completed “%(part)s” of “%(course)s”.")
        )
        return Done(said % words, {"enrolment_id": enrolment.pk})

    def preview(self, ctx: RunContext) -> str:
        number = ctx.render_line(self.number)
        return _("Records progress in what has the number “%(number)s” outside.") % {"number": number}
