"""After a backup was restored: whoever was forgotten since it was made is forgotten again."""

from datetime import datetime
from typing import Literal

from contacts.models import Contact, Forgetting
from contacts.privacy import forgetting
from contacts.privacy.ledger import Entry
from triggers import privacy

Became = Literal["forgotten", "already", "absent"]


def apply(entry: Entry, now: datetime) -> Became:
    """Forgets the person in this database, to the end; "absent" where nobody is left of them.

    A contact made after it was asked for is somebody else: a restored database gives numbers out anew.
    """
    for name, marks in entry.remnants.items():
        if name in privacy.remnants:
            privacy.remnants[name].restore(marks, entry.asked_at)
    numbers = [entry.contact, *entry.former]
    there = list(Contact.objects.filter(pk__in=numbers, created_at__lte=entry.asked_at).order_by("pk"))
    left = [contact for contact in there if not _is_forgotten(contact)]
    for contact in left:
        forgetting.forget(contact, now)
        while not _is_forgotten(contact) and forgetting.go_on(now):
            pass
    return "forgotten" if left else "already" if there else "absent"


def _is_forgotten(contact: Contact) -> bool:
    return Forgetting.objects.filter(contact=contact, finished_at__isnull=False).exists()
