"""Meta's lead ads: a delivery names the lead, its answers are fetched through the Graph API."""

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from capture import lead_forms
from providers import asking
from providers.base import field_of, hmac_hex
from providers.frame import Json, Later, Unclear
from providers.models import Connection
from providers.reading import moment

FIELDS: Final = "id,created_time,form_id,ad_id,adset_id,campaign_id,is_organic,platform,field_data"
# Graph's own numbers: an access token that is refused, and limits that were reached.
REFUSED_TOKEN: Final = (10, 102, 190, 200)
LIMITS: Final = (4, 17, 32, 613, 80004, 80005)


def fetch(connection: Connection, change: Json, now: datetime) -> Json:
    """The change with what Graph tells of its lead under `lead`. Raises `Later` and `Unclear`."""
    lead_id = field_of(change, "value", "leadgen_id")
    # It becomes part of an address.
    if not re.fullmatch(r"[0-9]{1,30}", lead_id):
        raise Unclear(_("The id of the lead is no number."))
    return {**change, "lead": graph(connection, lead_id, {"fields": FIELDS}, now)}


def graph(connection: Connection, path: str, query: dict[str, str], now: datetime) -> Json:
    """One GET of the Graph API with the page's token and the proof that the app asks (`appsecret_proof`)."""
    token, app_secret = connection.secret("page_token"), connection.secret("app_secret")
    if not token:
        raise Later(
            _("Enter the page access token: without it the answers of leads cannot be fetched."), asking.PATIENCE
        )
    proof = {"appsecret_proof": hmac_hex(app_secret, token.encode())}
    url = f"{settings.META_GRAPH_URL}/{path}?{urlencode({**query, **proof})}"
    try:
        return asking.get(url, {"Authorization": f"Bearer {token}"}, now)
    except asking.Refused as error:
        if error.code in REFUSED_TOKEN or error.code in LIMITS:
            raise Later(str(error), asking.PATIENCE) from None
        raise


def told(connection: Connection, change: Json) -> lead_forms.Told:
    """The lead as `capture` takes it. What Graph says counts; the delivery fills what it leaves out."""
    lead, value = change["lead"], change.get("value", {})
    return lead_forms.Told(
        network="instagram" if field_of(lead, "platform") == "ig" else "facebook",
        lead_id=field_of(value, "leadgen_id"), answers=answers(lead.get("field_data")),
        mapping=connection.options.get("mapping") or {},
        form_id=field_of(lead, "form_id") or field_of(value, "form_id"),
        page_id=field_of(value, "page_id") or field_of(change, "account"),
        campaign_id=field_of(lead, "campaign_id"),
        adgroup_id=field_of(lead, "adset_id") or field_of(value, "adgroup_id"),
        ad_id=field_of(lead, "ad_id") or field_of(value, "ad_id"),
        submitted_at=moment(lead.get("created_time")) or moment(value.get("created_time")),
    )  # fmt: skip


def answers(field_data: Any) -> dict[str, Any]:
    """The answers by question; several to one question as a list. What is not of this shape is left out."""
    found: dict[str, Any] = {}
    for each in field_data if isinstance(field_data, list) else []:
        name = field_of(each, "name")
        values = each.get("values") if isinstance(each, dict) else None
        texts = [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
        if name and texts:
            found[name] = texts[0] if len(texts) == 1 else texts
    return found
