"""The forms of tasks in the admin: a day with or without a time, a reminder, and how often it comes again."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Task
from triggers.admin.typed import ModelForm
from triggers.models import Organisation
from triggers.running.windows import local

REMINDERS: Final = (
    ("", _("No reminder")), (0, _("When it is due")), (15, _("15 minutes before")), (60, _("1 hour before")),
    (180, _("3 hours before")), (1440, _("1 day before")), (2880, _("2 days before")), (10080, _("1 week before")),
)  # fmt: skip


class DueForm(ModelForm[Task]):
    """Asks for a day and a time; without a time the task is for the whole day."""

    day = forms.DateField(
        label=_("Due day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    clock = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Empty for the whole day."),
    )  # fmt: skip

    class Meta:
        model = Task
        fields = ["title", "assignee", "priority"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        if task.due_on is not None:
            self.initial["day"] = task.due_on
        elif task.due_at is not None:
            here = timezone.localtime(task.due_at, Organisation.get().zone)
            self.initial["day"], self.initial["clock"] = here.date(), here.time().replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        """Puts day and time into the task, where they were changed."""
        cleaned = super().clean() or {}
        if cleaned.get("clock") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("A time needs a day."))
        elif not {"day", "clock"} & self.errors.keys() and {"day", "clock"} & set(self.changed_data):
            self._set_due(cleaned.get("day"), cleaned.get("clock"))
        return cleaned

    def _set_due(self, day: Any, clock: Any) -> None:
        task = self.instance
        task.due_on = day if clock is None else None
        task.due_at = None
        if day is not None and clock is not None:
            task.due_at = _moment(day, clock)

    def _update_errors(self, errors: ValidationError) -> None:
        """What the task says of its due date stands at the day."""
        known = getattr(errors, "error_dict", {})
        for name in ("due_at", "due_on"):
            if name in known:
                known["day"] = known.pop(name)
        super()._update_errors(errors)  # type: ignore[misc]


class TaskForm(DueForm):
    """Everything about a task."""

    remind_before = forms.TypedChoiceField(
        label=_("Remind"), choices=REMINDERS, required=False, coerce=int, empty_value=None,
        help_text=_("Of a task for the whole day, before 09:00 of that day."),
    )  # fmt: skip

    class Meta:
        model = Task
        fields = [
            "title", "contact", "assignee", "priority", "remind_before", "description", "repeats", "repeat_every",
            "repeat_until",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "repeats" in self.fields:
            self.fields["repeats"].choices = [("", _("Never")), *Task.Repeats.choices]  # type: ignore[attr-defined]
        before = self.instance.remind_before
        if "remind_before" in self.fields and before not in [None, *(value for value, _label in REMINDERS)]:
            field: Any = self.fields["remind_before"]
            field.choices = [*REMINDERS, (before, _("%(n)d minutes before") % {"n": before})]


def _moment(day: Any, clock: Any) -> datetime:
    """The moment of a local clock time; the task's own check refuses days out of range before they are reckoned with."""
    try:
        return local(day, clock.isoformat(), Organisation.get().zone)
    except OverflowError:
        raise ValidationError({"day": _("Enter a day between 1970 and 2199.")}) from None
