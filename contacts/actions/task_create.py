"""Gives somebody a task about the contact."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from contacts import assignment
from contacts.models import Contact, Task
from contacts.run_contact import contact_of, user_problems
from contacts.todo import planning
from contacts.todo.due_dates import Unit, due_at
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PRIORITIES = {"low": Task.Priority.LOW, "normal": Task.Priority.NORMAL, "high": Task.Priority.HIGH}
OWNER = "owner"


@action(
    "task.create",
    label=gettext_lazy("Add task"),
    section="Contacts",
    may_cause=("task.added",),
    texts=("title", "details"),
    needs=("contacts.add_task",),
)
class TaskCreate(Action):
    """Creates a task for the contact's owner, for one user, or for nobody yet.

    Without `due_in` it has no due date. Days end at the local time `at`, HH:MM in the workflow's time zone; with
    `whole_day` the task is for the day it would be due on. One that repeats is followed by the next when it is done.
    """

    title: str = Field(min_length=1, max_length=1000, title=gettext_noop("Task"))
    details: str = Field("", max_length=20_000, title=gettext_noop("Details"))
    # "owner", a username, or empty
    assignee: str = Field(OWNER, title=gettext_noop("For"))
    due_in: int | None = Field(None, ge=0, le=100_000, title=gettext_noop("Due in"))
    unit: Unit = Field(
        "days",
        title=gettext_noop("Counted in"),
        json_schema_extra={
            "labels": {"minutes": gettext_noop("Minutes"), "hours": gettext_noop("Hours"), "days": gettext_noop("Days")}
        },
    )
    at: str = Field("", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$", title=gettext_noop("At, such as 10:00"))
    skip_weekends: bool = Field(False, title=gettext_noop("Skip weekends"))
    # due on that day, at no particular time
    whole_day: bool = Field(False, title=gettext_noop("For the whole day, without a time"))
    priority: Literal["low", "normal", "high"] = Field(
        "normal",
        title=gettext_noop("Priority"),
        json_schema_extra={
            "labels": {"low": gettext_noop("Low"), "normal": gettext_noop("Normal"), "high": gettext_noop("High")}
        },
    )
    # minutes before it is due
    remind_before: int | None = Field(
        None, ge=0, le=planning.MOST_BEFORE, title=gettext_noop("Remind so many minutes before")
    )
    repeats: Literal["", "daily", "weekly", "monthly", "yearly"] = Field(
        "",
        title=gettext_noop("Repeats"),
        json_schema_extra={
            "labels": {
                "": gettext_noop("Not at all"),
                "daily": gettext_noop("Daily"),
                "weekly": gettext_noop("Weekly"),
                "monthly": gettext_noop("Monthly"),
                "yearly": gettext_noop("Yearly"),
            }
        },
    )
    repeat_every: int = Field(
        1, ge=1, le=planning.MOST_EVERY, title=gettext_noop("Every so many days, weeks, months or years")
    )
    repeat_until: date | None = Field(None, title=gettext_noop("Repeats until"))

    @model_validator(mode="after")
    def _times_agree(self) -> Self:
        if self.at and (self.due_in is None or self.unit != "days"):
            raise ValueError(_("A time of day goes with a number of days, for example 1 day at 09:00."))
        if self.due_in is None and (self.whole_day or self.remind_before is not None or self.repeats):
            raise ValueError(
                _("Say in how many days it is due: the whole day, reminders and repetition count from that.")
            )
        if self.whole_day and self.at:
            raise ValueError(_("Give a time of day, or choose the whole day."))
        return self

    def problems(self, uid: str) -> list[Problem]:
        return user_problems({("assignee",): self.assignee} if self.assignee not in ("", OWNER) else {})

    def run(self, ctx: RunContext) -> Outcome:
        title = ctx.render_line(self.title)[:200]
        if not title:
            return Fail(_("The title is empty. Add a word that is always there."))
        contact, due = contact_of(ctx), self._due(ctx)
        whole_day = due.astimezone(ctx.zone).date() if due and self.whole_day else None
        task = Task.objects.create(
            contact=contact,
            title=title,
            description=ctx.render(self.details),
            assignee=self._assignee(contact),
            due_at=due,
            due_on=whole_day,
            remind_before=self.remind_before,
            priority=PRIORITIES[self.priority],
            repeats=self.repeats,
            repeat_every=self.repeat_every,
            repeat_until=self.repeat_until if self.repeats else None,
        )
        return Done(_("Added the task “%(title)s”.") % {"title": title}, {"task_id": task.pk})

    def preview(self, ctx: RunContext) -> str:
        due = self._due(ctx)
        when = (
            date_format(due.astimezone(ctx.zone), "SHORT_DATE_FORMAT" if self.whole_day else "SHORT_DATETIME_FORMAT")
            if due
            else ""
        )
        whom = {"": _("nobody yet"), OWNER: _("the contact's owner")}.get(self.assignee, self.assignee)
        words = {"title": ctx.render_line(self.title)[:200], "whom": whom, "when": when}
        if when:
            return _("Adds the task “%(title)s” for %(whom)s, due %(when)s.") % words
        return _("Adds the task “%(title)s” for %(whom)s.") % words

    def _assignee(self, contact: Contact) -> "User | None":
        """The user; nobody where the contact has no owner or the user is gone."""
        if self.assignee == OWNER:
            return contact.owner
        return assignment.by_username([self.assignee]).get(self.assignee)

    def _due(self, ctx: RunContext) -> datetime | None:
        if self.due_in is None:
            return None
        return due_at(ctx.now, self.due_in, self.unit, ctx.zone, at=self.at, skip_weekends=self.skip_weekends)
