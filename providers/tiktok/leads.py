"""TikTok's leads: the answers come with the delivery. One that was not signed is confirmed first."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from capture import lead_forms
from providers import asking
from providers.base import field_of
from providers.frame import Json, Unclear
from providers.models import Connection
from providers.reading import moment


def confirm(connection: Connection, entry: Json, now: datetime) -> None:
    """Asks TikTok whether there is such a lead. Raises `Later`, and `Unclear` where there is none."""
    query = {"lead_id": field_of(entry, "id")}
    if page := field_of(entry, "page_id"):
        query["page_id"] = page
    url = f"{settings.TIKTOK_API_URL}/open_api/v1.3/lead/get/?{urlencode(query)}"
    answer = asking.get(url, {"Access-Token": connection.secret("access_token")}, now)
    if answer.get("code") != 0 or not answer.get("data"):
        words = {"code": answer.get("code"), "said": field_of(answer, "message")[:200]}
        raise Unclear(_("It came without a signature, and TikTok does not confirm it: %(code)s %(said)s") % words)


def told(connection: Connection, entry: Json) -> lead_forms.Told:
    """The lead as `capture` takes it. TikTok names a form by its page."""
    page = field_of(entry, "page_id")
    return lead_forms.Told(
        network="tiktok", lead_id=field_of(entry, "id"), answers=answers(entry.get("changes")),
        mapping=connection.options.get("mapping") or {}, form_id=field_of(entry, "form_id") or page, page_id=page,
        campaign_id=field_of(entry, "campaign_id"), adgroup_id=field_of(entry, "adgroup_id"),
        ad_id=field_of(entry, "ad_id"), submitted_at=moment(entry.get("create_time")),
    )  # fmt: skip


def answers(changes: Any) -> dict[str, Any]:
    pairs = (
        [(field_of(each, "field"), field_of(each, "value")) for each in changes] if isinstance(changes, list) else []
    )
    return {name: value for name, value in pairs if name and value}
