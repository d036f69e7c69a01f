"""Marks open tasks of the contact as done."""

from datetime import datetime
from typing import Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field, model_validator

from contacts import services
from contacts.assignment import by_username
from contacts.models import Contact, Task
from contacts.run_contact import contact_of, user_problems
from triggers.action_types import Action, Done, Outcome, Skip, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "task.complete",
    label=gettext_lazy("Complete tasks"),
    section="Contacts",
    may_cause=("task.completed", "task.added"),
    texts=("title",),
    needs=("contacts.change_task",),
)
class TaskComplete(Action):
    """Completes the contact's open tasks: those with a title, in any case, or all of them.

    One that repeats is followed by the next.
    """

    which: Literal["title", "all"] = Field(
        "title",
        title=gettext_noop("Which tasks"),
        json_schema_extra={
            "labels": {"title": gettext_noop("Those of one name"), "all": gettext_noop("All of the contact's")}
        },
    )
    title: str = Field("", max_length=1000, title=gettext_noop("Name of the task"))
    # only those of this user; empty for everybody's
    assignee: str = Field("", title=gettext_noop("Only those of"))
    overdue_only: bool = Field(False, title=gettext_noop("Only those that are overdue"))

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.which == "title" and not self.title.strip():
            raise ValueError(_("Enter the title of the tasks to complete, or choose all."))
        return self

    def problems(self, uid: str) -> list[Problem]:
        return user_problems({("assignee",): self.assignee} if self.assignee else {})

    def run(self, ctx: RunContext) -> Outcome:
        contact, title = contact_of(ctx), ctx.render_line(self.title)
        done = [task.pk for task in self._open(contact, title, ctx.now) if services.complete_task(task, None, ctx.now)]
        if not done:
            return Skip(_("The contact has no such open task."))
        text = ngettext("Completed %(n)d task.", "Completed %(n)d tasks.", len(done))
        return Done(text % {"n": len(done)}, {"task_ids": done})

    def preview(self, ctx: RunContext) -> str:
        if self.which == "all":
            return _("Completes all open tasks of the contact.")
        return _("Completes the open tasks called “%(title)s”.") % {"title": ctx.render_line(self.title)}

    def _open(self, contact: Contact, title: str, now: datetime) -> list[Task]:
        tasks = Task.objects.filter(contact=contact, completed_at=None).order_by("pk")
        if self.assignee:
            tasks = tasks.filter(assignee__in=by_username([self.assignee]).values())
        if self.overdue_only:
            tasks = tasks.filter(due_at__lt=now)
        return [t for t in tasks if self.which == "all" or t.title.casefold() == title.casefold()]
