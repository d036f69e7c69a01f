"""Visitors who said on a public page who they are: what other apps note of them, from the request they came with.

An app whose page makes or finds the contact calls `tell`; an app that knows something of visitors by a cookie of its own
registers in `ready`. Neither knows of the other.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, transaction
from django.http import HttpRequest

from contacts.models import Contact

Listener = Callable[[HttpRequest, Contact, datetime], None]
logger = logging.getLogger(__name__)

# By what is noted; each app fills its own in `ready`.
listeners: dict[str, Listener] = {}


def tell(request: HttpRequest, contact: Contact | None, now: datetime) -> None:
    """This request is the contact's. Call it in the transaction of what the contact did, where there is one.

    What a listener fails at is logged: the visitor's own affair goes on.
    """
    if contact is None:
        return
    for name, listener in listeners.items():
        try:
            with transaction.atomic():
                listener(request, contact, now)
        except DatabaseError:
            logger.exception("%s of contact %s were not noted", name, contact.pk)
