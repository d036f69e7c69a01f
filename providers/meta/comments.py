"""Comments on Facebook and Instagram: new ones are taken in, changed ones changed, hidden ones left alone."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from conversations.social import comments
from conversations.social.comments import Comment
from providers.base import field_of
from providers.frame import Handled, Json

if TYPE_CHECKING:
    from providers.models import Connection

INSTAGRAM: Final = ("comments", "live_comments")


def gateway_key(connection: "Connection") -> str:
    """What answers to comments of this app go by (`conversations.gateways`)."""
    return f"meta:{connection.pk}"


def is_comment(change: Json) -> bool:
    if change.get("field") == "feed":
        return field_of(change, "value", "item") == "comment"
    return change.get("field") in INSTAGRAM


def take(connection: "Connection", change: Json, now: datetime) -> Handled:
    """Does with a comment what its verb says."""
    found = _instagram(change) if change.get("field") in INSTAGRAM else _facebook(change)
    verb = field_of(change, "value", "verb") or "add"
    if verb == "add":
        taken = comments.take(found, gateway_key(connection), now)
    elif verb in ("edited", "remove"):
        text = found.text if verb == "edited" else ""
        taken = comments.change(found.comment_id, gateway_key(connection), text)
    else:
        return Handled(ignored=_("A comment was hidden or shown again; that changes nothing here."))
    contact_id = taken.message.contact_id if taken.message else None
    return Handled(contact_id, taken.event_id, ignored=taken.why)


def _facebook(change: Json) -> Comment:
    value = change.get("value", {})
    return Comment(
        network="facebook", comment_id=field_of(value, "comment_id"), page_id=field_of(change, "account"),
        post_id=field_of(value, "post_id"), author_id=field_of(value, "from", "id"),
        author=field_of(value, "from", "name"), text=field_of(value, "message"),
        parent_id=field_of(value, "parent_id"), permalink=field_of(value, "post", "permalink_url"),
    )  # fmt: skip


def _instagram(change: Json) -> Comment:
    value, page = change.get("value", {}), field_of(change, "account")
    # Only what the account itself wrote bears this mark, whatever number its writer has then.
    is_own = bool(field_of(value, "from", "self_ig_scoped_id"))
    return Comment(
        network="instagram", comment_id=field_of(value, "id"), page_id=page, post_id=field_of(value, "media", "id"),
        author_id=page if is_own else field_of(value, "from", "id"), author=field_of(value, "from", "username"),
        text=field_of(value, "text"), parent_id=field_of(value, "parent_id"),
    )  # fmt: skip
