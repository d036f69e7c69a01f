"""The signed address of an appointment's own page: whoever has it may confirm, move and cancel that appointment."""

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer

from appointments.models import Appointment

SALT: Final = "appointments.link"


def token(appointment_id: int) -> str:
    return Signer(salt=SALT).sign(str(appointment_id))


def address(appointment_id: int, page: str = "") -> str:
    """The whole address; `page` is "", "move/" or "appointment.ics"."""
    return settings.PUBLIC_URL + path(appointment_id) + page


def path(appointment_id: int) -> str:
    """The address within this installation: a visitor stays on the host that was asked."""
    return f"/book/a/{token(appointment_id)}/"


def appointment_of(given: str) -> Appointment | None:
    """The appointment whose link this is; None for a link that is not ours, or whose appointment was deleted."""
    try:
        number = int(Signer(salt=SALT).unsign(given))
    except (BadSignature, ValueError):
        return None
    rows = Appointment.objects.select_related("calendar", "contact", "user")
    found: Appointment | None = rows.filter(pk=number).first()
    return found
