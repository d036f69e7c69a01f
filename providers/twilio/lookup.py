"""Looking a number up at Twilio (Lookup v2): whether it is in use, of which kind, and with which carrier."""

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import numbers
from conversations.numbers import LookupFailed, Verdict
from providers import asking
from providers.base import field_of
from providers.frame import Json, Later, Unclear
from triggers.outside.credentials import basic
from triggers.secrets import SecretUnreadable

if TYPE_CHECKING:
    from providers.models import Connection

KEY: Final = "twilio"
# https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence
KINDS: Final = {
    "mobile": "mobile", "landline": "landline", "fixedVoip": "voip", "nonFixedVoip": "voip", "tollFree": "landline",
}  # fmt: skip


def register() -> None:
    numbers.lookups[KEY] = look_up


def look_up(number: str) -> Verdict:
    """Twilio's verdict on a number in E.164. Each costs money. Raises LookupFailed."""
    connection = _connection()
    url = f"{settings.TWILIO_LOOKUP_URL}/v2/PhoneNumbers/{quote(number)}?Fields=line_type_intelligence"
    try:
        headers = {"Authorization": basic(connection.account_id, connection.secret("auth_token"))}
        found = asking.get(url, headers, timezone.now())
    except (Later, SecretUnreadable) as error:
        raise LookupFailed(str(error)) from None
    except asking.Refused as error:
        if error.status == 404:
            # what Twilio cannot read as a number at all
            return Verdict(number, "invalid", KEY, "404")
        raise LookupFailed(str(error), final=True) from None
    except Unclear as error:
        raise LookupFailed(str(error), final=True) from None
    return _verdict(number, found)


def _connection() -> "Connection":
    from providers.models import Connection

    known = Connection.objects.filter(provider="twilio", active=True).exclude(account_id="").order_by("pk").first()
    if known is None:
        raise LookupFailed(_("Twilio is not connected. Connect it, or look numbers up offline."), final=True)
    return known


def _verdict(number: str, found: Json) -> Verdict:
    line = found.get("line_type_intelligence")
    said, country = field_of(line, "type"), field_of(found, "country_code")
    if found.get("valid") is not True:
        errors = found.get("validation_errors")
        code = str(errors[0]) if isinstance(errors, list) and errors else ""
        return Verdict(number, "invalid", KEY, code[:40], country=country[:2])
    kind = KINDS.get(said, "unknown")
    return Verdict(
        number, kind if kind != "unknown" else "valid", KEY, field_of(line, "error_code")[:40], line_type=said or kind,
        carrier=field_of(line, "carrier_name")[:120], country=country[:2],
    )  # fmt: skip
