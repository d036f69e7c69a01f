"""Somebody commented on Facebook."""

from django.utils.translation import gettext_lazy as _

from conversations.social.comment_events import Commented
from triggers.event_types import event


@event("social.facebook_comment", label=_("Facebook comment on post"), section="Facebook and Instagram Events")
class SocialFacebookComment(Commented):
    """Somebody wrote a comment under a post of one of our Facebook pages. Comments of our own never start it.

    Whoever wrote it becomes a contact when they comment for the first time; they are known again by their account.
    """
