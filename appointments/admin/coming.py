"""Appointments where people look for them: on the contact's page, and on the page of today."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from appointments.admin.appointments import PILLS
from appointments.models import RELEASED, Appointment
from contacts.models import Contact
from triggers.wording.look import pill

SEE: Final = "appointments.view_appointment"
COMING, EARLIER, MINE = 3, 2, 8


def card(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """What the contact's page shows: the next appointments, the latest before, and the way to another."""
    if not request.user.has_perm(SEE):
        return None
    now = timezone.now()
    rows = contact.appointments.select_related("calendar", "user")
    ahead = rows.filter(end_at__gt=now).order_by("start_at", "id")[:COMING]
    earlier = rows.filter(end_at__lte=now).order_by("-start_at", "-id")[:EARLIER]
    add = reverse("admin:appointments_appointment_add")
    return {
        "ahead": [_told(row) for row in ahead], "earlier": [_told(row) for row in earlier],
        "add_url": f"{add}?contact={contact.pk}" if request.user.has_perm("appointments.add_appointment") else "",
    }  # fmt: skip


def mine_today(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    """What this person keeps today, the earliest first; what fell through is left out."""
    if not request.user.has_perm(SEE):
        return []
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    kept = Appointment.objects.filter(hosts=request.user.pk).exclude(status__in=RELEASED)
    today = kept.filter(start_at__gte=midnight, start_at__lt=midnight + timedelta(days=1))
    return [_told(row) for row in today.select_related("contact", "calendar").order_by("start_at", "id")[:MINE]]


def _told(row: Appointment) -> dict[str, Any]:
    return {"row": row, "pill": pill(PILLS[row.status], row.get_status_display())}
