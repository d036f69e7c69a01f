"""Meta: lead ads and comments on Facebook pages and Instagram accounts, a thousand of them in one delivery."""

import secrets as random
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from capture import lead_forms
from providers.base import Delivery, field_of, same
from providers.frame import Handled, Item, Json, Provider, Reply, SecretField, SettingField, Unclear, provider
from providers.meta import comments, gateway, leads
from providers.meta.signature import verify
from providers.reading import digest, item_of, json_in, key_of, moment


@provider("meta", _("Meta (Facebook and Instagram)"))
class Meta(Provider):
    account_label = _("Page ids")
    account_help = _("Of the Facebook pages and Instagram accounts this is for, with commas; empty for all of the app.")
    secrets = (
        SecretField("app_secret", _("App secret"), _("Of the app at developers.facebook.com."), signs=True),
        SecretField("verify_token", _("Verify token"), _("Enter the same at Meta's."),
                    make=partial(random.token_urlsafe, 24)),
        SecretField("page_token", _("Page access token"),
                    _("Fetches the answers of leads. With leads_retrieval and pages_manage_metadata."), required=False),
    )  # fmt: skip
    settings = (
        SettingField("mapping", _("Mapping"), "mapping",
                     _('Contact field to answer, such as {"custom.budget": "answers.budget"}. E-mail, name, phone and'
                       " other usual questions need none."), {}),
    )  # fmt: skip
    handles = can_test = True
    guide = _(
        "Enter the address and the verify token as the app's webhook, and subscribe to leadgen, feed and comments."
    )

    verify = staticmethod(verify)

    def register(self) -> None:
        gateway.register()

    def handshake(self, connection: Any, delivery: Delivery, now: datetime) -> Reply | None:
        """Meta's GET: the challenge comes back where the token is right, and nothing of it where it is not."""
        asked = parse_qs(urlsplit(delivery.url).query)
        mode, token, challenge = (asked.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge"))
        if not mode:
            return None
        known = connection.secret("verify_token")
        if not known or mode != "subscribe" or not same(token, known):
            return Reply(403)
        return Reply(content=challenge)

    def items(self, delivery: Delivery) -> list[Item]:
        body = json_in(delivery)
        entries = body.get("entry") if isinstance(body, dict) else None
        if not isinstance(entries, list):
            raise Unclear(_now("Meta sends an object with a list “entry”; this is none."))
        return [item for entry in entries for item in _of_entry(str(body.get("object")), entry)]

    def fetch(self, connection: Any, data: Json, now: datetime) -> Json:
        return leads.fetch(connection, data, now) if data.get("field") == "leadgen" else data

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if comments.is_comment(data):
            return comments.take(connection, data, now)
        if data.get("field") != "leadgen":
            return super().handle(connection, data, now)
        taken = lead_forms.submit(leads.told(connection, data))
        return Handled(taken.contact_id, taken.event_id, taken.problems)

    def test(self, connection: Any, now: datetime) -> str:
        page = leads.graph(connection, "me", {"fields": "id,name"}, now)
        return _now("Meta knows the token: it is for “%(name)s”.") % {"name": field_of(page, "name")}


def _of_entry(about: str, entry: Any) -> Iterator[Item]:
    """The changes of one page, each by itself. Instagram-login apps put the one change into the entry itself."""
    if not isinstance(entry, dict):
        yield item_of(entry, _item)
        return
    changes = entry.get("changes", [entry] if "field" in entry else [])
    shared = {"object": about, "account": field_of(entry, "id"), "time": entry.get("time")}
    for change in changes if isinstance(changes, list) else [changes]:
        told = {name: change.get(name) for name in ("field", "value")} if isinstance(change, dict) else change
        yield item_of({**shared, **told} if isinstance(told, dict) else told, _item)


def _item(change: Json) -> Item:
    value = change.get("value")
    if not isinstance(value, dict):
        raise Unclear(_now("Nothing in this change says what happened."))
    kind = field_of(change, "field")
    key = key_of("lead", field_of(value, "leadgen_id")) or _comment_key(value)
    at = moment(value.get("created_time")) or moment(change.get("time"))
    return Item(key or f"sha256:{digest(change)}", change, kind, field_of(change, "account"), at)


def _comment_key(value: Json) -> str:
    number = field_of(value, "comment_id") or field_of(value, "id")
    return key_of("comment", number, field_of(value, "verb") or "add", field_of(value, "created_time") or "0")
