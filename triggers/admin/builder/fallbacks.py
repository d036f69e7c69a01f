"""The words that stand in where a contact has left a field empty that a message reads, one press for all messages."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from triggers.explaining import gaps
from triggers.text.checking import bare_fields
from triggers.text.fallbacks import with_default

CUSTOMER: Final = gettext_lazy("customer")
WORDS: Final[Mapping[str, str | Promise]] = {
    "contact.first_name": CUSTOMER,
    "contact.last_name": CUSTOMER,
    "contact.name": CUSTOMER,
    "contact.company": gettext_lazy("your company"),
    "contact.city": gettext_lazy("your town"),
}


def give(document: dict[str, Any], field: str) -> str:
    """Writes the field's word into every text that reads it bare; the id of the first such control, or nothing."""
    word, first = WORDS.get(field), ""
    for node, name, text, _path in gaps.texts(document) if word else ():
        if field in bare_fields(text):
            node["config"][name] = with_default(text, field, str(word).replace('"', ""))
            first = first or f"{node.get('uid')}.{name}"
    return first
