"""Hands the contact's open tasks to somebody."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field

from contacts.assignment import by_username
from contacts.models import Contact, Task
from contacts.run_contact import contact_of, user_problems
from triggers.action_types import Action, Done, Outcome, Skip, action
from triggers.problems import Problem
from triggers.run_context import RunContext

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OWNER = "owner"


@action(
    "task.assign", label=gettext_lazy("Hand over tasks"), section="Contacts",
    may_cause=("task.changed",), texts=("title",),
    needs=("contacts.change_task",),
)  # fmt: skip
class TaskAssign(Action):
    """Gives the contact's open tasks to its owner or to one user: those with a title, in any case, or all of them."""

    # "owner" or a username
    assignee: str = Field(OWNER, title=gettext_noop("To whom"))
    # empty for all open tasks
    title: str = Field("", max_length=1000, title=gettext_noop("Only tasks of this name"))

    def problems(self, uid: str) -> list[Problem]:
        return user_problems({("assignee",): self.assignee} if self.assignee != OWNER else {})

    def run(self, ctx: RunContext) -> Outcome:
        contact, title = contact_of(ctx), ctx.render_line(self.title).casefold()
        user = self._assignee(contact)
        if user is None:
            return Skip(_("The contact has no owner who could take its tasks."))
        tasks = Task.objects.filter(contact=contact, completed_at=None).exclude(assignee=user).order_by("pk")
        handed = [task for task in tasks if not title or task.title.casefold() == title]
        if not handed:
            return Skip(_("The contact has no such open task of somebody else's."))
        for task in handed:
            task.assignee = user
            task.save()
        text = ngettext("Gave %(n)d task to %(user)s.", "Gave %(n)d tasks to %(user)s.", len(handed))
        words = {"n": len(handed), "user": user.get_username()}
        return Done(text % words, {"task_ids": [task.pk for task in handed]})

    def preview(self, ctx: RunContext) -> str:
        whom = _("the contact's owner") if self.assignee == OWNER else self.assignee
        if not self.title:
            return _("Gives all open tasks of the contact to %(whom)s.") % {"whom": whom}
        words = {"title": ctx.render_line(self.title), "whom": whom}
        return _("Gives the open tasks called “%(title)s” to %(whom)s.") % words

    def _assignee(self, contact: Contact) -> "User | None":
        return contact.owner if self.assignee == OWNER else by_username([self.assignee]).get(self.assignee)
