"""The form behind an appointment's page: what it asks for goes through the services, refusals stand at its fields."""

from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import people, recurring, services
from appointments.models import Appointment
from appointments.people import Person
from appointments.services import Asked
from triggers.admin.typed import ModelForm

EVERY: Final = (
    ("", _("Does not repeat")), ("day", _("Every day")), ("week", _("Every week")), ("two_weeks", _("Every two weeks")),
    ("month", _("Every month")),
)  # fmt: skip


class AppointmentForm(ModelForm[Appointment]):
    """Books a new appointment, or moves and changes one. `made` is what was stored."""

    start_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 300}),
    )
    override = forms.BooleanField(
        label=_("Also outside of opening hours"), required=False,
        help_text=_("Whatever the calendar says. Nobody is booked twice all the same."),
    )  # fmt: skip
    more_guests = forms.CharField(
        label=_("Guests"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("E-mail addresses, one a line."),
    )  # fmt: skip
    every = forms.ChoiceField(label=_("Repeats"), choices=EVERY, required=False)
    times = forms.IntegerField(
        label=_("Appointments in all"), required=False, min_value=2, max_value=recurring.MOST, initial=4
    )

    class Meta:
        model = Appointment
        fields = ["calendar", "contact", "start_at", "user", "title", "location", "notes"]

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar: Any = self.fields.get("calendar")
        if calendar is not None:
            calendar.queryset = calendar.queryset.filter(active=True, source=None)

    def clean_more_guests(self) -> list[Person]:
        return people.guests_in(self.cleaned_data["more_guests"])

    def clean(self) -> dict[str, Any]:
        """Stores it at once, so that whatever stands against it can still be told; the page's transaction holds it."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            with transaction.atomic():
                self.made = self._change(cleaned) if self.instance.pk else self._book(cleaned)
        except ValidationError as error:
            places = {"start": "start_at", NON_FIELD_ERRORS: None}
            for name, messages in error.message_dict.items():
                place = places.get(name, name)
                self.add_error(place if place in self.fields else None, messages)
        return cleaned

    def _post_clean(self) -> None:
        """The instance is written by the services; the form's own copy is only to be looked at."""

    def _book(self, cleaned: dict[str, Any]) -> Appointment:
        asked = Asked(
            cleaned["calendar"], cleaned["contact"], cleaned["start_at"], guests=cleaned["more_guests"],
            user=cleaned.get("user"), title=cleaned["title"], location=cleaned["location"], notes=cleaned["notes"],
            override=cleaned["override"],
        )  # fmt: skip
        if not cleaned["every"]:
            return services.book(asked)
        repeat = recurring.Repeat(cleaned["every"], cleaned["times"] or 0)
        return recurring.book(asked, repeat, timezone.now())[0]

    def _change(self, cleaned: dict[str, Any]) -> Appointment:
        stored: Appointment = Appointment.objects.get(pk=self.instance.pk)
        services.update(stored, **{name: cleaned[name] for name in ("title", "location", "notes")})
        if {"start_at", "user"} & {*self.changed_data}:
            services.move(stored, cleaned["start_at"], user=cleaned.get("user"), override=cleaned["override"])
        services.add_guests(stored, cleaned["more_guests"])
        return stored
