"""A mail came back."""

from django.utils.translation import gettext_lazy as _

from conversations.mail_events import OfMail
from triggers.event_types import event


@event("email.bounced", label=_("Email bounced"), section="Event Triggers")
class EmailBounced(OfMail):
    """A mail was refused or came back; once a mail. After one that lasts, the address gets no more mail."""

    lasting: bool = False
    error_code: str = ""
    error_text: str = ""
