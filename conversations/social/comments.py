"""Taking a comment in: once, whoever it is by; our own are left out, so that an answer never answers itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from contacts import services
from contacts.models import Contact
from conversations import threads
from conversations.events.social_facebook_comment import SocialFacebookComment
from conversations.events.social_instagram_comment import SocialInstagramComment
from conversations.models import ChannelIdentity, Message
from conversations.social.comment_events import Commented
from triggers.outbox import emit_once

Network = Literal["facebook", "instagram"]
EVENTS: Final[dict[str, type[Commented]]] = {
    "facebook": SocialFacebookComment, "instagram": SocialInstagramComment,
}  # fmt: skip
LABELS: Final = {"facebook": "Facebook", "instagram": "Instagram"}
MAX_TEXT: Final = 10_000


@dataclass(frozen=True)
class Comment:
    """A comment as its network tells of it. `parent_id` is the comment it answers, or the post."""

    network: Network
    comment_id: str
    page_id: str
    post_id: str
    author_id: str
    author: str
    text: str
    parent_id: str = ""
    permalink: str = ""

    @property
    def first_level(self) -> bool:
        """Whether it stands under the post itself, and answers no other comment."""
        return self.parent_id in ("", self.post_id)


@dataclass(frozen=True)
class Taken:
    """What became of a comment: its message and event, and why there is none."""

    message: Message | None = None
    event_id: int | None = None
    why: str = ""


@transaction.atomic
def take(comment: Comment, gateway: str, now: datetime) -> Taken:
    """Records a new comment and tells of it. `gateway` is what an answer goes by (`conversations.gateways`)."""
    if comment.author_id == comment.page_id or _is_ours(comment, gateway):
        return Taken(why=_("It is our own comment."))
    if not comment.author_id:
        return Taken(why=_("The network does not say who wrote it."))
    known = _message(comment.comment_id, gateway)
    if known is not None:
        return Taken(known, why=_("It is on record already."))
    writer = _writer(comment, now)
    message = Message.objects.create(
        contact=writer, direction=Message.Direction.IN, channel=Message.Channel.COMMENT,
        status=Message.Status.RECEIVED, text=comment.text[:MAX_TEXT], from_address=_account(comment),
        to_address=comment.page_id[:320], gateway=gateway[:120], provider_id=comment.comment_id[:200],
        created_at=now, status_at=now,
    )  # fmt: skip
    threads.received(message, now)
    told: Any = EVENTS[comment.network](
        message_id=message.pk, contact_id=writer.pk, comment_id=comment.comment_id, text=message.text,
        author=comment.author, author_id=comment.author_id, page_id=comment.page_id, post_id=comment.post_id,
        parent_id=comment.parent_id, permalink=comment.permalink, first_level=comment.first_level,
    )  # fmt: skip
    event, _new = emit_once(f"comment:{comment.network}:{comment.comment_id}"[:200], told)
    return Taken(message, event.pk)


@transaction.atomic
def change(comment_id: str, gateway: str, text: str) -> Taken:
    """The writer changed the text of a comment; an empty text is one that was taken away. Starts nothing."""
    known = _message(comment_id, gateway)
    if known is None:
        return Taken(why=_("The comment is not on record."))
    known.text = text[:MAX_TEXT]
    known.save(update_fields=["text"])
    return Taken(known, why=_("Changed. Only new comments start workflows."))


def _message(comment_id: str, gateway: str) -> Message | None:
    known = Message.objects.filter(gateway=gateway[:120], provider_id=comment_id[:200])
    return known.select_for_update(of=("self",)).first() if comment_id else None


def _is_ours(comment: Comment, gateway: str) -> bool:
    known = _message(comment.comment_id, gateway)
    return known is not None and known.direction == Message.Direction.OUT


def _account(comment: Comment) -> str:
    return f"{comment.network}:{comment.author_id}"[:320]


def _writer(comment: Comment, now: datetime) -> Contact:
    """The contact who has this account; a new one where nobody has."""
    account = {"channel": Message.Channel.COMMENT, "address": _account(comment)}
    known = ChannelIdentity.objects.select_for_update(of=("self",)).filter(**account).first()
    if known is not None:
        known.seen_at = now
        known.save(update_fields=["seen_at"])
        return known.contact
    first, _space, last = comment.author.strip().partition(" ")
    label = LABELS[comment.network]
    writer = services.create({"first_name": (first or label)[:120], "last_name": last[:120], "source": label})
    ChannelIdentity.objects.create(contact=writer, seen_at=now, **account)
    return writer
