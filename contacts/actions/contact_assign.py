"""Gives the contact an owner."""

from datetime import date
from typing import TYPE_CHECKING, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contacts import assignment, services
from contacts.models import Contact
from contacts.run_contact import contact_of, user_problems
from triggers.action_types import Action, Done, Outcome, Skip, action
from triggers.models.organisation import Organisation
from triggers.problems import Path, Problem
from triggers.run_context import RunContext

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Member(BaseModel):
    """One of those who take turns, and how many turns of a round are theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    user: str = Field(title=gettext_noop("Person"))
    weight: int = Field(1, ge=1, le=assignment.MAX_WEIGHT, title=gettext_noop("Share"))


class Absence(BaseModel):
    """Somebody is away, from the first to the last day; without days, until further notice."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    user: str = Field(title=gettext_noop("Person"))
    first_day: date | None = Field(None, title=gettext_noop("From"))
    last_day: date | None = Field(None, title=gettext_noop("To"))

    def covers(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


@action(
    "contact.assign",
    label=gettext_lazy("Assign owner"),
    section="Contacts",
    may_cause=("contact.changed",),
    needs=("contacts.change_contact",),
)
class ContactAssign(Action):
    """Assigns the contact to one user, to several in turn (by weight), or to the least busy of several.

    Least busy is who has fewest open tasks. With `skip_absent`, users who are inactive or away today are
    passed over. With `only_if_unassigned` a contact that has an owner keeps it.
    """

    how: Literal["user", "round_robin", "least_busy"] = Field(
        "user",
        title=gettext_noop("Who gets it"),
        json_schema_extra={
            "labels": {
                "user": gettext_noop("This person"),
                "round_robin": gettext_noop("In turn, one after the other"),
                "least_busy": gettext_noop("Whoever has the fewest contacts"),
            }
        },
    )
    user: str = Field("", title=gettext_noop("Person"))
    members: list[Member] = Field([], max_length=100, title=gettext_noop("Among these people"))
    only_if_unassigned: bool = Field(False, title=gettext_noop("Only where nobody is the owner yet"))
    skip_absent: bool = Field(True, title=gettext_noop("Pass over who is absent"))
    absences: list[Absence] = Field([], max_length=200, title=gettext_noop("Absences"))

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.how == "user" and not self.user:
            raise ValueError(_("Choose the user to assign."))
        if self.how != "user" and not self.members:
            raise ValueError(_("Choose the users to assign among."))
        names = [member.user for member in self.members]
        if len(set(names)) < len(names):
            raise ValueError(_("Name each user once; a weight gives more turns."))
        return self

    def problems(self, uid: str) -> list[Problem]:
        named: dict[Path, str] = {("user",): self.user} if self.how == "user" else {}
        if self.how != "user":
            named |= {("members", i, "user"): member.user for i, member in enumerate(self.members)}
        named |= {("absences", i, "user"): absence.user for i, absence in enumerate(self.absences)}
        return user_problems(named)

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        if self.only_if_unassigned and contact.owner is not None:
            return Skip(_("The contact has an owner: %(user)s.") % {"user": contact.owner})
        chosen = self._choose(ctx)
        if chosen is None:
            return Skip(_("Nobody to assign: every user named is absent or gone."))
        return self._give(contact, chosen)

    def preview(self, ctx: RunContext) -> str:
        names = {"users": ", ".join(self._names())}
        if self.how == "round_robin":
            return _("Assigns the contact to the next in turn of %(users)s.") % names
        if self.how == "least_busy":
            return _("Assigns the contact to the least busy of %(users)s.") % names
        return _("Assigns the contact to %(users)s.") % names

    def _names(self) -> list[str]:
        return [self.user] if self.how == "user" else [member.user for member in self.members]

    def _choose(self, ctx: RunContext) -> "User | None":
        """Who gets the contact; None when nobody can."""
        users = assignment.by_username(self._names())
        away = self._away(ctx)
        present = [n for n, user in users.items() if not self.skip_absent or (user.is_active and n not in away)]
        rotation = f"{ctx.run.workflow_id}:{ctx.node.uid}"
        if self.how == "user":
            name = next(iter(present), None)
        elif self.how == "round_robin":
            name = assignment.next_in_turn(rotation, {m.user: m.weight for m in self.members}, present)
        else:
            in_order = {member.user: users[member.user] for member in self.members if member.user in users}
            name = assignment.least_busy(rotation, in_order, present)
        return users[name] if name else None

    def _away(self, ctx: RunContext) -> set[str]:
        """Who is away today, where the organisation is."""
        today = ctx.now.astimezone(Organisation.get().zone).date()
        return {absence.user for absence in self.absences if absence.covers(today)}

    def _give(self, contact: Contact, user: "User") -> Outcome:
        before = contact.owner.get_username() if contact.owner else None
        result = {"old": before, "new": user.get_username()}
        if services.assign(contact, user):
            return Done(_("Assigned to %(user)s.") % {"user": user}, result)
        return Done(_("It was %(user)s's already.") % {"user": user}, result)
