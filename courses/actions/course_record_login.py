"""Records that the contact signed in to a learning system outside."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of, refusal
from courses import reporting
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "course.record_login",
    label=gettext_lazy("Record member sign-in"),
    section="Courses",
    may_cause=("course.user_login",),
    texts=("number", "occurred_at"),
    needs=("courses.change_member",),
)
class CourseRecordLogin(Action):
    """Records that the contact signed in to a learning system outside, such as told by an inbound webhook.

    Each sign-in counts once by its number outside, or without one by its moment.
    """

    number: str = Field(
        "", max_length=400, title=gettext_noop("Its number outside; empty where it has none"),
        examples=["{{ event.body.login_id }}"],
    )  # fmt: skip
    occurred_at: str = Field("", max_length=400, title=gettext_noop("When; empty for now"))

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        try:
            number = reporting.number_in(ctx.render_line(self.number))
            at = reporting.moment_in(ctx.render_line(self.occurred_at), ctx.zone)
            member = reporting.record_login(contact, number, at, ctx.now)
        except ValidationError as error:
            return Fail(refusal(error, lambda name: name))
        said = _("Recorded the sign-in; sign-ins in all: %(n)d.") % {"n": member.logins}
        return Done(said, {"member_id": member.pk, "logins": member.logins})

    def preview(self, ctx: RunContext) -> str:
        return _("Records that the contact signed in outside.")
