"""A contact reported a mail as spam."""

from django.utils.translation import gettext_lazy as _

from conversations.mail_events import OfMail
from triggers.event_types import event


@event("email.complained", label=_("Email complaint (spam)"), section="Event Triggers")
class EmailComplained(OfMail):
    """The receiver reported a mail as spam; once a mail. From then on the address gets no more mail."""

    feedback: str = ""
