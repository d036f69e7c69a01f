"""A page of ours and what people write under its posts, for tests."""

from datetime import UTC, datetime
from typing import Any

from conversations.social import comments
from conversations.social.comments import Comment, Taken
from triggers.models import Workflow
from triggers.tests import make

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
GATEWAY = "http:page"


def comment(comment_id: str = "c1", **fields: Any) -> Comment:
    """Anna's comment under our post, unless told otherwise."""
    told = {
        "network": "facebook", "page_id": "page", "post_id": "post", "author_id": "anna", "author": "Anna Schmidt",
        "text": "How much is it?", "parent_id": "post",
    }  # fmt: skip
    return Comment(comment_id=comment_id, **{**told, **fields})


def wrote(comment_id: str = "c1", **fields: Any) -> Taken:
    return comments.take(comment(comment_id, **fields), GATEWAY, NOW)


def listening(*actions: dict[str, Any], network: str = "facebook", **config: Any) -> Workflow:
    """A live workflow that a comment starts."""
    trigger = {"uid": "t1", "event": f"social.{network}_comment", "config": config, "conditions": None}
    return make.workflow(*actions, triggers=[trigger])
