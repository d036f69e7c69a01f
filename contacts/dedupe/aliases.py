"""Former numbers of contacts: a contact that was merged is found under its number as before."""

from contacts.models import ContactAlias


def survivor_of(contact_id: object) -> int | None:
    """The contact that number lives on as; None when no contact of that number was merged."""
    number = str(contact_id)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found: int | None = ContactAlias.objects.filter(old_id=int(number)).values_list("contact_id", flat=True).first()
    return found


def all_numbers(contact_id: int) -> tuple[int, ...]:
    """The contact's number and those it had before."""
    return (contact_id, *ContactAlias.objects.filter(contact=contact_id).values_list("old_id", flat=True))
