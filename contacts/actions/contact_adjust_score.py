"""Adds to the contact's engagement score, or takes off."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, field_validator

from contacts import services
from contacts.run_contact import contact_of, refusal
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "contact.adjust_score",
    label=gettext_lazy("Adjust engagement score"),
    section="Contacts",
    may_cause=("contact.engagement_score_changed",),
    texts=("reason",),
    needs=("contacts.change_contact",),
)
class ContactAdjustScore(Action):
    """Adds points to the engagement score, or takes them off (−5), and keeps the reason with the change."""

    points: int = Field(ge=-100_000, le=100_000, title=gettext_noop("Points, with a minus to take away"))
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))

    @field_validator("points")
    @classmethod
    def _some(cls, points: int) -> int:
        if not points:
            raise ValueError(_("Enter how many points to add, or to take off such as -5."))
        return points

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        before = contact.score
        try:
            score = services.adjust_score(contact, self.points, ctx.render_line(self.reason))
        except ValidationError as error:
            return Fail(refusal(error))
        words = {"points": score - before, "score": score}
        return Done(_("%(points)+d points, %(score)d now.") % words, {"old": before, "new": score})

    def preview(self, ctx: RunContext) -> str:
        reason = ctx.render_line(self.reason)
        words = {"points": abs(self.points), "reason": reason}
        if self.points > 0:
            text = _("Adds %(points)d points: %(reason)s.") if reason else _("Adds %(points)d points.")
        else:
            text = _("Takes off %(points)d points: %(reason)s.") if reason else _("Takes off %(points)d points.")
        return text % words
