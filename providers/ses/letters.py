"""Mail that Amazon SES received: within the notification (SNS action of a receipt rule), or in S3 (S3 action).

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
"""

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from providers import mails
from providers.base import field_of
from providers.frame import Handled, Json, Unclear
from providers.ses import storage

RECEIVED: Final = "Received"


def is_letter(told: Any) -> bool:
    """Whether SES tells of a mail that it received."""
    return field_of(told, "notificationType") == RECEIVED


def take_out(told: Json) -> str:
    """Takes the mail out of what is told: its bytes in base64, "" where it is not in there. Raises `Unclear`."""
    content = told.pop("content", None)
    if not isinstance(content, str):
        return ""
    if field_of(_action(told), "encoding").upper() != "BASE64":
        return b64encode(content.encode(errors="replace")).decode()
    try:
        return b64encode(b64decode("".join(content.split()), validate=True)).decode()
    except ValueError:
        raise Unclear(_("The mail is said to be base64, and is not.")) from None


def fetched(connection: Any, data: Json, now: datetime) -> Json:
    """The item with the mail under `raw`, from S3 where a rule has put it there. Raises `Later` and `Unclear`."""
    action = _action(data.get("message"))
    if data.get("raw") or field_of(action, "type") != "S3":
        return data
    return {**data, "raw": b64encode(storage.get(connection, action, field_of(data, "topic"), now)).decode()}


def receive(data: Json, gateway: str, now: datetime) -> Handled:
    """Takes the mail in. Raises `Unclear`."""
    told = data.get("message")
    if "raw" not in data and field_of(_action(told), "type") not in ("SNS", "S3"):
        return Handled(ignored=_("A receipt rule did something with a mail. Only SNS and S3 actions bring it here."))
    return mails.receive_raw(data.get("raw"), gateway, field_of(told, "mail", "messageId"), now)


def _action(told: Any) -> Any:
    receipt = told.get("receipt") if isinstance(told, dict) else None
    return receipt.get("action") if isinstance(receipt, dict) else None
