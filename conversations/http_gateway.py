"""Any provider that takes a message by one POST, set up by staff: see `models.HttpGateway`."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import gateways, segments
from conversations.gateways import Delivery, Gateway
from conversations.models import HttpGateway, Message
from triggers import text
from triggers.action_types import Done, Fail
from triggers.outside import answers, credentials, exchange
from triggers.outside.exchange import Time

SECONDS: Final = 20.0
REPLY_KEPT: Final = 1000
MARKS: Final = ("to", "from", "text", "media", "channel", "key")


@dataclass(frozen=True)
class PostingGateway:
    """Posts each message as its row says, with the key as Idempotency-Key."""

    row: HttpGateway

    @property
    def key(self) -> str:
        return f"http:{self.row.slug}"

    @property
    def channels(self) -> Collection[str]:
        return gateways.CARRIED

    @property
    def repeatable(self) -> bool:
        return self.row.honours_key

    def receiver(self) -> str:
        return exchange.receiver(self.row.url)

    def segments(self, text: str) -> int:
        return segments.segments(text)

    def send(self, message: Message, key: UUID, now: datetime) -> Delivery:
        try:
            return gateways.handed_over(lambda: self._post(message, key, now))
        except text.TextError as error:
            # Filling in comes before the call.
            return Delivery(Fail(str(error)), reply=str(error))

    def _post(self, message: Message, key: UUID, now: datetime) -> Delivery:
        allowed = Time(SECONDS)
        credential = self.row.credential
        carried = credentials.headers(credential, now, allowed) if credential else {}
        kind, body = filled(self.row, message, key)
        headers = {"Accept": "application/json", "Content-Type": kind, "Idempotency-Key": str(key), **carried}
        answer = exchange.send("POST", self.row.url, headers, body, allowed, repeatable=self.repeatable)
        result = answers.read(answer, credentials.hidden(credential) if credential else ())
        said = answers.shown(result)[:REPLY_KEPT]
        if not 200 <= answer.status < 300:
            failed = exchange.failure(self.row.url, answer, said, now, repeatable=self.repeatable)
            return Delivery(failed, answer.status, said, error_code=str(answer.status))
        words = {"host": urlsplit(self.row.url).hostname, "status": answer.status}
        done = Done(_("%(host)s answered %(status)d.") % words)
        return Delivery(done, answer.status, said, provider_id=found_at(result["body"], self.row.id_path))


def filled(row: HttpGateway, message: Message, key: UUID) -> tuple[str, bytes]:
    """Content type and body of the post."""
    values = {
        "to": message.to_address, "from": message.from_address, "text": message.text,
        "media": list(message.media), "channel": message.channel, "key": str(key),
    }  # fmt: skip
    tree = text.render_json(row.body, values)
    if row.format == HttpGateway.Format.FORM:
        return "application/x-www-form-urlencoded", urlencode(tree, doseq=True, errors="replace").encode()
    return "application/json", json.dumps(tree, allow_nan=False).encode()


def body_fault(body: Any, format: str) -> str:
    """What is wrong with what is to be posted; empty where nothing is."""
    if not isinstance(body, Mapping) or not body:
        return _('Write a JSON object, such as {"to": "{{ to }}", "text": "{{ text }}"}.')
    if format == HttpGateway.Format.FORM and any(isinstance(value, Mapping) for value in body.values()):
        return _("Form fields hold texts and lists of texts only. Send it as JSON, or make it flat.")
    leaves = list(_leaves(body))
    for leaf in leaves:
        problems = text.check(leaf, lambda name: name in MARKS)
        if problems:
            return str(problems[0])
    if not any("text" in text.merge_fields(leaf) for leaf in leaves):
        return _("{{ text }} stands nowhere in it, so that nothing would be said.")
    return ""


def found_at(tree: Any, path: str) -> str:
    """The value at a dotted path, as text of at most 200 characters; empty where there is none."""
    if not path:
        return ""
    for part in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(part)
        elif isinstance(tree, list) and part.isdecimal() and int(part) < len(tree):
            tree = tree[int(part)]
        else:
            return ""
    return str(tree)[:200] if isinstance(tree, str | int) and not isinstance(tree, bool) else ""


def _leaves(tree: Any) -> Iterable[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping | list):
        for item in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _leaves(item)


def register() -> None:
    gateways.sources["http"] = gateways.Source(gettext_lazy("HTTP"), _find, _accounts)


def _find(slug: str) -> Gateway | None:
    row = HttpGateway.objects.select_related("credential").filter(slug=slug, active=True).first()
    return PostingGateway(row) if row else None


def _accounts() -> Iterable[tuple[str, str]]:
    return [(row.slug, row.name) for row in HttpGateway.objects.filter(active=True)]
