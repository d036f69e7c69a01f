"""What the contact's timeline tells of messages: what was sent, what failed, what was not sent and why."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts import timeline
from contacts.timeline import Item, Source
from conversations import standing
from conversations.models import Message
from triggers.models import Workflow

# By state as `standing` tells it: what is said, and its tone.
SAID: Final[dict[str, tuple[Any, str]]] = {
    "done": (_("%(channel)s sent"), "ok"),
    "failed": (_("%(channel)s failed"), "bad"),
    "skipped": (_("%(channel)s not sent"), ""),
    "cancelled": (_("%(channel)s stopped"), ""),
    "uncertain": (_("%(channel)s may have been sent"), "wait"),
    "held": (_("%(channel)s held"), "wait"),
}
UNDER_WAY: Final = (_("%(channel)s on its way"), "wait")


def register() -> None:
    timeline.sources["messages"] = Source(("messages",), "created_at", _rows, _items)


def _rows(contact_id: int, _kind: str) -> QuerySet[Message]:
    """Those to the contact; what the contact wrote is an event."""
    sent = Message.objects.filter(contact=contact_id, direction=Message.Direction.OUT)
    return standing.with_action(sent.defer("html"))


def _items(messages: list[Message], rank: int) -> Iterator[Item]:
    ids = {message.workflow_id for message in messages if message.workflow_id is not None}
    names = dict(Workflow.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    for message in messages:
        state, _word = standing.state(message)
        what, tone = SAID.get(state, UNDER_WAY)
        detail = " – ".join(text for text in (message.subject or message.text[:80], standing.why(message)) if text)
        url = reverse("admin:conversations_message_change", args=[message.pk])
        place = (message.created_at, rank, message.pk)
        icon = "mail" if message.channel == Message.Channel.EMAIL else "chat"
        said = str(what) % {"channel": message.get_channel_display()}
        yield Item(place, icon, tone, names.get(message.workflow_id or 0, ""), said, detail, url)
