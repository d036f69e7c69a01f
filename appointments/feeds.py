"""Addresses under which calendar programs read appointments: of a calendar, or of a member."""

import secrets
from typing import Any

from django.conf import settings
from django.urls import reverse

from appointments.models import AppointmentFeed, Calendar
from contacts.todo.calendars import digest_of


def make(*, calendar: Calendar | None = None, user: Any = None) -> str:
    """A new secret token, told nowhere else; the one before does not work any more."""
    token = secrets.token_urlsafe(24)
    AppointmentFeed.objects.update_or_create(
        calendar=calendar, user=user, defaults={"token_digest": digest_of(token), "read_at": None}
    )
    return token


def end(*, calendar: Calendar | None = None, user: Any = None) -> bool:
    """Switches the address off; False when there was none."""
    gone, _by_model = AppointmentFeed.objects.filter(calendar=calendar, user=user).delete()
    return bool(gone)


def by_token(token: str) -> AppointmentFeed | None:
    """The feed this token opens, while its member may see appointments."""
    rows = AppointmentFeed.objects.select_related("user", "calendar")
    feed = rows.filter(token_digest=digest_of(token)).first()
    if feed is None or feed.user is None:
        return feed
    may = feed.user.is_active and feed.user.is_staff and feed.user.has_perm("appointments.view_appointment")
    return feed if may else None


def address(token: str) -> str:
    """The whole address to subscribe to."""
    return settings.PUBLIC_URL + reverse("appointments:appointment_feed", args=[token])
