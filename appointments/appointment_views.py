"""`/book/a/<token>/`: an appointment's own page, for whoever booked it: confirm, move, cancel, add to a calendar.

GET shows and changes nothing, since mail scanners follow links.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import ics, links, picking, public, services
from appointments.models import Appointment
from appointments.telling import BOOKING_PAGE
from triggers.context import act_as

Status = Appointment.Status
View = Callable[[HttpRequest, Appointment, str], HttpResponse]


class CancelForm(forms.Form):
    """What is asked of whoever cancels."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=services.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def _own(view: View) -> public.View:
    """Gives a view the appointment whose link it is; 404 for a link that is not ours."""

    def answer(request: HttpRequest, token: str) -> HttpResponse:
        appointment = links.appointment_of(token)
        if appointment is None:
            told = _("The address was not copied in full, or the appointment has been taken away.")
            return public.said(request, 404, _("There is no appointment here"), told)
        with timezone.override(public.zone_of(request, appointment.zone)):
            return view(request, appointment, token)

    return public.page(answer)


def _appointment_page(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, appointment)
    now, act = timezone.now(), request.POST.get("act", "")
    if act not in ("confirm", "cancel"):
        return _page(request, appointment, _("Choose what is to be done."), 422)
    if act == "cancel" and appointment.status == Status.CANCELLED:
        return _page(request, appointment, _("It was cancelled already."))
    why = over(appointment, now) if act == "confirm" else why_not(appointment, now)
    if why:
        return _page(request, appointment, why, 409)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, appointment, _("Not cancelled yet. Look at what is marked."), 422, form)
    try:
        with _by_customer():
            if act == "cancel":
                services.cancel(appointment, now, form.cleaned_data["reason"])
            else:
                services.set_status(appointment, Status.CONFIRMED, now)
    except ValidationError as error:
        return _page(request, appointment, " ".join(error.messages), 409)
    return redirect(f"{request.path}?done={act}")


def _move_page(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    now, at = timezone.now(), public.moment_of(request)
    why = why_not(appointment, now)
    if why:
        return _page(request, appointment, why, 409)
    if at is None:
        return _pick(request, appointment, now)
    if request.method != "POST":
        return _ask(request, appointment, at)
    try:
        with _by_customer():
            services.move(appointment, at, now)
    except ValidationError as error:
        return _ask(request, appointment, at, " ".join(error.messages), 409)
    return redirect(f"{request.path.removesuffix('move/')}?done=move")


def _calendar_file(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    response = HttpResponse(ics.invitation(appointment), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


appointment_page, move_page, calendar_file = _own(_appointment_page), _own(_move_page), _own(_calendar_file)


def why_not(appointment: Appointment, now: datetime) -> str:
    """Why whoever booked it can move or cancel it no more; empty where they can."""
    why = over(appointment, now)
    hours = appointment.calendar.notice_hours
    if not why and appointment.start_at <= now + timedelta(hours=hours):
        return _("It begins in less than %(n)d hours. Call us, and we change it for you.") % {"n": hours}
    return why


def over(appointment: Appointment, now: datetime) -> str:
    """Why nothing can be done to it at all here; empty where something can."""
    if appointment.is_out:
        return _("It was called off. Book a new one.")
    if appointment.start_at <= now or appointment.status == Status.SHOWED:
        return _("This appointment is over.")
    if appointment.calendar.source:
        return _("It was booked elsewhere. Change it by the mail that you got from there.")
    return ""


def _by_customer() -> AbstractContextManager[Any]:
    """Whoever is signed in at this browser is not who acts: the link is the customer's."""
    return act_as(actor="system", actor_id="", origin=BOOKING_PAGE)


def _page(
    request: HttpRequest, appointment: Appointment, notice: str = "", status: int = 200, form: CancelForm | None = None
) -> HttpResponse:
    now = timezone.now()
    unsure = appointment.status in (Status.NEW, Status.RESCHEDULED)
    context = {
        "appointment": appointment, "calendar": appointment.calendar, "notice": notice,
        "may_confirm": unsure and not over(appointment, now), "may_change": not why_not(appointment, now),
        "done": request.GET.get("done", ""), "booked": request.GET.get("booked") == "1",
        "zone": timezone.get_current_timezone_name(), "guests": list(appointment.guests.all()),
        "form": form or CancelForm(),
    }  # fmt: skip
    return public.shown(request, "appointments/appointment.html", context, status)


def _pick(request: HttpRequest, appointment: Appointment, now: datetime) -> HttpResponse:
    calendar = appointment.calendar
    zone = public.zone_of(request, appointment.zone)
    week = picking.week(calendar, zone, now, request.GET.get("from", ""), appointment)
    return public.shown(request, "appointments/pick.html", {
        "calendar": calendar, "week": week, "zone": zone.key, "zones": picking.zones(), "moving": appointment,
        "heading": _("Another time"), "minutes": calendar.minutes,
    })  # fmt: skip


def _ask(
    request: HttpRequest, appointment: Appointment, at: datetime, notice: str = "", status: int = 200
) -> HttpResponse:
    zone, now = public.zone_of(request, appointment.zone), timezone.now()
    others = picking.near(appointment.calendar, at, zone, now, appointment) if notice else []
    return public.shown(request, "appointments/move.html", {
        "appointment": appointment, "at": at.astimezone(zone), "zone": zone.key, "notice": notice, "others": others,
    }, status)  # fmt: skip
