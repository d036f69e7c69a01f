"""A letter to a contact outside any workflow: what somebody has just asked for, such as a link to sign in.

Domains write letters; whoever carries mail registers itself in `ready`.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from contacts.models import Contact

logger = logging.getLogger(__name__)
# Takes contact, subject, text and moment, within the caller's transaction; whether it was taken.
Carrier = Callable[[Contact, str, str, datetime], bool]
carriers: Final[dict[str, Carrier]] = {}


def send(contact: Contact, subject: str, text: str, now: datetime) -> bool:
    """Hands the letter over to be sent at once; whether somebody took it."""
    taken = any(carry(contact, subject, text, now) for carry in carriers.values())
    if not taken:
        logger.warning(
            "a letter to contact %s was not taken: no carrier, or the contact cannot be written to", contact.pk
        )
    return taken
