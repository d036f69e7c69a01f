"""Cards on a contact's page that other apps add: each a template with what it shows."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest

from contacts.models import Contact

# By name: the template, and what it is given; None where there is nothing for this reader.
Card = tuple[str, Callable[[HttpRequest, Contact], dict[str, Any] | None]]
cards: Final[dict[str, Card]] = {}


def shown(request: HttpRequest, contact: Contact) -> list[dict[str, Any]]:
    """The cards of this contact for this reader, each with its template."""
    found = [(template, gather(request, contact)) for template, gather in cards.values()]
    return [{"template": template, "card": card} for template, card in found if card is not None]
