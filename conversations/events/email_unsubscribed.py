"""A contact left the list."""

from django.utils.translation import gettext_lazy as _

from conversations.mail_events import OfMail
from triggers.event_types import event


@event("email.unsubscribed", label=_("Email unsubscribed"), section="Event Triggers")
class EmailUnsubscribed(OfMail):
    """The receiver of a mail unsubscribed: by its link, by one click in the mail program, or at the provider."""
