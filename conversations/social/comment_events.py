"""What the events of comments have in common: which page and post, what it says, and where it stands."""

from typing import Any

from pydantic import Field

from conversations.mail_events import any_phrase, every, leaf
from triggers.event_types import Happened, Options


class CommentOptions(Options):
    """Which comments start it; what is left out does not matter."""

    pages: list[str] = Field(default=[], title="Number of the page")
    posts: list[str] = Field(default=[], title="Number or address of the post")
    phrases: list[str] = Field(default=[], title="Contains one of these phrases")
    exact: list[str] = Field(default=[], title="Is exactly one of these phrases")
    first_level_only: bool = Field(default=False, title="Not answers to other comments")


class Commented(Happened):
    """Somebody wrote a comment. `permalink` is the post's address where it is known."""

    Options = CommentOptions

    message_id: int
    contact_id: int
    comment_id: str
    text: str
    author: str
    author_id: str
    page_id: str
    post_id: str
    parent_id: str
    permalink: str = ""
    first_level: bool = True

    def subject(self) -> tuple[str, int | None]:
        return "conversations.message", self.message_id

    @classmethod
    def narrow(cls, options: CommentOptions) -> dict[str, Any] | None:
        found = any_phrase("event.text", "contains", options.phrases)
        found += any_phrase("event.text", "is", options.exact)
        if options.pages:
            found.append(leaf("event.page_id", "is_any_of", options.pages))
        if options.posts:
            post, link = (leaf(f"event.{name}", "is_any_of", options.posts) for name in ("post_id", "permalink"))
            found.append({"any": [post, link]})
        if options.first_level_only:
            found.append(leaf("event.first_level", "is", True))
        return every(found)
