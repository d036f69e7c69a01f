"""Tasks: what is to be done, by whom, by when, and how often again."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.todo import planning
from triggers.tracking import Tracked

OPEN = models.Q(completed_at=None)
UNTOLD = models.Q(remind_at__isnull=False, reminded_at=None)


class Task(Tracked):
    """Something to be done for a contact, by somebody, by some time.

    `due_at` is always the moment at which it becomes overdue. A task for a day without a time has that day in
    `due_on`, and `due_at` is the last second of it. `remind_at` is reckoned from `remind_before` where that is
    given; moving it clears `reminded_at`. `save` keeps these in step; a bulk `update` of one of them has to bring the other.
    """

    class Priority(models.IntegerChoices):
        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")

    class Repeats(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")
        YEARLY = "yearly", _("Every year")

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tasks",
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assigned to"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="tasks",
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_on = models.DateField(_("due day"), null=True, blank=True, help_text=_("A day without a time."))
    remind_before = models.PositiveIntegerField(
        _("remind before"), null=True, blank=True, help_text=_("In minutes; of a day without a time, before 09:00."),
    )  # fmt: skip
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    # when the notice about the present `remind_at` was written
    reminded_at = models.DateTimeField(null=True, editable=False)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    repeats = models.CharField(_("repeats"), max_length=10, choices=Repeats.choices, blank=True)
    repeat_every = models.PositiveSmallIntegerField(
        _("every"), default=1, help_text=_("2 for every second day, week, month or year.")
    )
    repeat_until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day it may be due."))
    # the day the repetition is counted from, so that the 31st comes back after a short month
    repeat_from = models.DateField(null=True, blank=True, editable=False)
    # one task comes after another once, whoever completes it and however often
    follows = models.OneToOneField(
        "self", verbose_name=_("comes after"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="followed_by",
    )  # fmt: skip
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("completed by"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = [F("completed_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "-id"]
        indexes = [
            # what is due in a span of time, for the clock and the lists
            models.Index(fields=["due_at"], condition=OPEN, name="task_due"),
            # reminding: whom to remind now
            models.Index(fields=["remind_at"], condition=OPEN & UNTOLD, name="task_remind"),
            # somebody's own list, their calendar, the number in the navigation
            models.Index(fields=["assignee", "due_at"], condition=OPEN, name="task_mine"),
            # what was completed in a span of time: deals that stood still behind a task
            models.Index(fields=["completed_at"], condition=~OPEN, name="task_completed"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuses at their fields what `save` could not keep in step."""
        problems = planning.problems(self)
        if problems:
            raise ValidationError({name: [str(message)] for name, message in problems.items()})

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        derived = planning.keep_in_step(self)
        if update_fields is not None:
            update_fields = {*update_fields, *derived}
        super().save(update_fields=update_fields, **kwargs)

    def loaded(self, name: str) -> Any:
        """The field's value as it was read from the database; None for a new task."""
        return self.__dict__.get("_loaded", {}).get(name)

    def is_overdue(self) -> bool:
        return self.completed_at is None and self.due_at is not None and self.due_at < timezone.now()
