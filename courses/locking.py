"""One after the other: whatever changes a contact's access or progress holds the contact's row meanwhile."""

from collections.abc import Iterable

from contacts.models import Contact


def lock(contact_ids: Iterable[int]) -> None:
    """Waits for these contacts, and keeps them until the transaction ends; in one order, so that no two wait in a circle."""
    rows = Contact.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(contact_ids))
    list(rows.order_by("pk").values_list("pk"))
