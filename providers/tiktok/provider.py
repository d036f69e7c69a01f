"""TikTok: lead forms. Whether it signs them is not settled; unsigned ones are taken only where staff say so."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from capture import lead_forms
from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Provider, SecretField, SettingField, Unclear, provider
from providers.reading import digest, item_of, json_in, key_of, moment
from providers.tiktok import leads
from providers.tiktok.signature import verify


@provider("tiktok", _("TikTok"))
class TikTok(Provider):
    account_label = _("Page ids")
    account_help = _("Of the pages or forms libraries this is for, with commas; empty for all of the app.")
    secrets = (
        SecretField("client_secret", _("Client secret"), _("Of the app at business-api.tiktok.com."), signs=True),
        SecretField("access_token", _("Access token"), _("Confirms leads that came without a signature."),
                    required=False),
    )  # fmt: skip
    settings = (
        SettingField("mapping", _("Mapping"), "mapping",
                     _('Contact field to answer, such as {"custom.budget": "answers.budget"}. E-mail, name, phone and'
                       " other usual questions need none."), {}),
        SettingField("require_signature", _("Require a signature"), "yes",
                     _("Switched off, unsigned leads are taken too, but only once TikTok confirms them."), True),
    )  # fmt: skip
    handles = True
    guide = _("Subscribe the address to LEAD with the Business API.")

    verify = staticmethod(verify)

    def open_to(self, connection: Any) -> bool:
        return connection.options.get("require_signature", True) is False and bool(connection.secret("access_token"))

    def items(self, delivery: Delivery) -> list[Item]:
        body = json_in(delivery)
        entries = body.get("entry") if isinstance(body, dict) else None
        if not isinstance(entries, list):
            raise Unclear(_now("TikTok sends an object with a list “entry”; this is none."))
        return [item_of(entry, _item) for entry in entries]

    def fetch(self, connection: Any, data: Json, now: datetime) -> Json:
        if not field_of(data, "id"):
            raise Unclear(_now("TikTok names no lead."))
        if data.get("unproven"):
            leads.confirm(connection, data, now)
        return data

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        taken = lead_forms.submit(leads.told(connection, data))
        return Handled(taken.contact_id, taken.event_id, taken.problems)


def _item(entry: Json) -> Item:
    key = key_of("lead", field_of(entry, "id"))
    account, at = field_of(entry, "page_id"), moment(entry.get("create_time"))
    return Item(key or f"sha256:{digest(entry)}", entry, "lead", account, at)
