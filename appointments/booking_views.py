"""`/book/<calendar>/`: the free times of a calendar, then what is asked of whoever books; `/book/group/<key>/`."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import booking, links, people, picking, public
from appointments.models import Calendar, CalendarGroup
from appointments.people import Person
from contacts import arrivals, phones
from contacts.public_forms import PersonForm

# The field that no person sees: only programs fill it in.
TRAP = "website"


class BookingForm(PersonForm):
    """What is asked of whoever books."""

    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40,
                            help_text=gettext_lazy("In full, such as +49 30 123456."),
                            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))  # fmt: skip
    notes = forms.CharField(label=gettext_lazy("What it is about"), required=False, max_length=4000,
                            widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    guests = forms.CharField(
        label=gettext_lazy("Who comes along"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("E-mail addresses, one a line."),
    )  # fmt: skip

    def clean_phone(self) -> str:
        given = self.cleaned_data["phone"].strip()
        return phones.parse(given, "") if given else ""

    def clean_guests(self) -> list[Person]:
        return people.guests_in(self.cleaned_data["guests"])


@public.page
def booking_page(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar's page; 404 and 410 where it is not there or switched off, 409 where the time is taken."""
    calendar = Calendar.objects.filter(key=key, source=None).first()
    if calendar is None:
        told = _("The address was not copied in full, or the calendar has been taken away.")
        return public.said(request, 404, _("There is no calendar here"), told)
    if not calendar.active:
        return public.said(request, 410, _("Closed"), _("This calendar takes no bookings any more."))
    zone = public.zone_of(request, calendar.zone)
    with timezone.override(zone):
        if request.method == "POST":
            return _book(request, calendar, zone)
        return (
            _form(request, calendar, zone, BookingForm())
            if public.moment_of(request)
            else _pick(request, calendar, zone)
        )


@public.page
def group_page(request: HttpRequest, key: str) -> HttpResponse:
    """The calendars of a group, to choose from."""
    group = CalendarGroup.objects.filter(key=key).first()
    if group is None:
        told = _("The address was not copied in full, or it has been taken away.")
        return public.said(request, 404, _("There is nothing here"), told)
    calendars = group.calendars.filter(active=True, source=None).order_by("name")
    return public.shown(request, "appointments/group.html", {"group": group, "calendars": calendars})


def _pick(request: HttpRequest, calendar: Calendar, zone: ZoneInfo) -> HttpResponse:
    week = picking.week(calendar, zone, timezone.now(), request.GET.get("from", ""))
    return public.shown(request, "appointments/pick.html", {
        "calendar": calendar, "week": week, "zone": zone.key, "zones": picking.zones(), "heading": calendar.name,
        "intro": calendar.description, "minutes": calendar.minutes,
    })  # fmt: skip


def _book(request: HttpRequest, calendar: Calendar, zone: ZoneInfo) -> HttpResponse:
    at, form = public.moment_of(request), BookingForm(request.POST)
    if request.POST.get(TRAP):
        return public.said(request, 200, _("Thank you"), _("We have got your request."))
    if at is None:
        return _form(request, calendar, zone, form, _("Choose a time."), 422)
    if not form.is_valid():
        return _form(request, calendar, zone, form, "", 422)
    given = form.cleaned_data
    asked = booking.Booking(
        calendar, at, Person(given["name"], given["email"], given["phone"]), given["guests"], given["notes"], zone.key
    )
    try:
        made = booking.book(asked, timezone.now())
        arrivals.tell(request, made.contact, timezone.now())
    except ValidationError as error:
        return _refused(request, calendar, zone, form, error)
    return redirect(f"{links.path(made.pk)}?booked=1")


def _refused(
    request: HttpRequest, calendar: Calendar, zone: ZoneInfo, form: BookingForm, error: ValidationError
) -> HttpResponse:
    """The form as it was sent, with what stands against it; where it is the time, others to choose from."""
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    notice = " ".join(told.pop("start", []))
    for name, messages in told.items():
        form.add_error(name if name in form.fields else None, messages)
    return _form(request, calendar, zone, form, notice, 409 if notice else 422)


def _form(
    request: HttpRequest, calendar: Calendar, zone: ZoneInfo, form: BookingForm, notice: str = "", status: int = 200
) -> HttpResponse:
    at, now = public.moment_of(request), timezone.now()
    others = picking.near(calendar, at or now, zone, now) if notice else []
    context: dict[str, Any] = {
        "calendar": calendar, "form": form, "at": at.astimezone(zone) if at else None, "zone": zone.key,
        "notice": notice, "others": others, "trap": TRAP, "heading": calendar.name,
    }  # fmt: skip
    return public.shown(request, "appointments/form.html", context, status)
