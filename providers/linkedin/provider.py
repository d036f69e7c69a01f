"""LinkedIn: lead forms, and what happens on an organisation's page."""

import json
import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from capture import lead_forms
from providers.base import Delivery, field_of, hmac_hex
from providers.frame import Handled, Item, Json, Later, Provider, Reply, SecretField, SettingField, provider
from providers.linkedin import leads
from providers.linkedin.signature import verify
from providers.reading import digest, item_of, json_in, key_of, moment

# A version 4 UUID and nothing else: whatever is answered here is signed with the very key that proves deliveries.
CHALLENGE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@provider("linkedin", _("LinkedIn"))
class LinkedIn(Provider):
    account_label = _("Owner")
    account_help = _("Such as urn:li:sponsoredAccount:512345, with commas; empty for all of the app.")
    secrets = (
        SecretField("client_secret", _("Client secret"), _("Of the app at developer.linkedin.com."), signs=True),
        SecretField("access_token", _("Access token"),
                    _("Fetches the answers of leads, with r_marketing_leadgen_automation."), required=False),
    )  # fmt: skip
    settings = (
        SettingField("mapping", _("Mapping"), "mapping",
                     _('Contact field to answer, such as {"custom.budget": "answers.budget"}. E-mail, name, phone and'
                       " other usual questions need none."), {}),
    )  # fmt: skip
    handles = True
    guide = _("Subscribe the address with the Lead Notification Subscriptions API. It must be HTTPS.")

    verify = staticmethod(verify)

    def handshake(self, connection: Any, delivery: Delivery, now: datetime) -> Reply | None:
        """LinkedIn's GET, every two hours: the challenge, signed with the client secret."""
        code = parse_qs(urlsplit(delivery.url).query).get("challengeCode", [""])[0]
        secret = connection.secret("client_secret")
        if not CHALLENGE.fullmatch(code) or not secret:
            return Reply(403) if code else None
        answer = {"challengeCode": code, "challengeResponse": hmac_hex(secret, code.encode())}
        return Reply(content=json.dumps(answer), content_type="application/json")

    def items(self, delivery: Delivery) -> list[Item]:
        body = json_in(delivery)
        told = body.get("notifications") if isinstance(body, dict) else None
        if isinstance(told, list):
            return [item_of(part, _notification) for part in told]
        return [item_of(body, _lead)]

    def fetch(self, connection: Any, data: Json, now: datetime) -> Json:
        if data.get("type") == "LEAD_ACTION" and _is_deleted(data) and _is_under_way(connection, data):
            raise Later(_now("The lead is just being taken in; it is erased after that."))
        if data.get("type") != "LEAD_ACTION" or _is_deleted(data) or _was_deleted(connection, data):
            return data
        return leads.fetch(connection, data, now)

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if data.get("type") != "LEAD_ACTION":
            return super().handle(connection, data, now)
        if _is_deleted(data):
            return _erase(connection, data)
        # Asked once more: it may have been deleted while its answers were fetched.
        if "lead" not in data or _was_deleted(connection, data):
            return Handled(ignored=_now("LinkedIn has deleted this lead."))
        taken = lead_forms.submit(leads.told(connection, data))
        return Handled(taken.contact_id, taken.event_id, taken.problems)


def _is_deleted(body: Json) -> bool:
    return field_of(body, "leadAction") == "DELETED"


def _was_deleted(connection: Any, body: Json) -> bool:
    key = key_of("lead", field_of(body, "leadGenFormResponse"), "DELETED")
    return bool(connection.deliveries.filter(dedupe_key=key).exists())


def _is_under_way(connection: Any, body: Json) -> bool:
    """Whether the lead itself is still to be taken in, or just is: then it is not there yet to be erased."""
    key = key_of("lead", field_of(body, "leadGenFormResponse"), "CREATED")
    return bool(connection.deliveries.filter(dedupe_key=key).exclude(due_at=None).exists())


def _erase(connection: Any, body: Json) -> Handled:
    """The lead, and what was kept of the deliveries that told of it."""
    found = leads.lead_id(body)
    event_id = lead_forms.erase("linkedin", found)
    told = connection.deliveries.filter(event_id=event_id) if event_id else connection.deliveries.none()
    told.update(data={}, problems=[], contact_id=None)
    if event_id is None:
        return Handled(ignored=_now("There is nothing of this lead here."))
    return Handled(event_id=event_id)


def _lead(body: Json) -> Item:
    owner = body.get("owner")
    owners = [value for value in owner.values() if isinstance(value, str)] if isinstance(owner, dict) else []
    key = key_of("lead", field_of(body, "leadGenFormResponse"), field_of(body, "leadAction") or "CREATED")
    return Item(
        key or f"sha256:{digest(body)}", body, f"lead.{field_of(body, 'leadAction').lower() or 'created'}",
        owners[0] if owners else "", moment(body.get("occurredAt")),
    )  # fmt: skip


def _notification(body: Json) -> Item:
    key = key_of("notification", field_of(body, "notificationId"))
    kind, account = f"social.{field_of(body, 'action').lower()}", field_of(body, "organizationalEntity")
    return Item(key or f"sha256:{digest(body)}", body, kind, account, moment(body.get("lastModifiedAt")))
