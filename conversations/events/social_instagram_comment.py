"""Somebody commented on Instagram."""

from django.utils.translation import gettext_lazy as _

from conversations.social.comment_events import Commented
from triggers.event_types import event


@event("social.instagram_comment", label=_("Instagram comment on post"), section="Facebook and Instagram Events")
class SocialInstagramComment(Commented):
    """Somebody wrote a comment under a post of one of our Instagram pages. Comments of our own never start it.

    Whoever wrote it becomes a contact when they comment for the first time; they are known again by their account.
    """
