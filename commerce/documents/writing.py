"""From a template to one person's document: its merge fields filled in once, when it is written."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from commerce.models import Document, DocumentTemplate
from contacts.models import Contact
from triggers import evidence, text
from triggers.facts import sources
from triggers.models import Organisation

ORGANISATION: Final = ("name", "postal_address")


def check_template(template: DocumentTemplate) -> None:
    """Raises ValidationError at the field where its text cannot be read, or names what a contact does not have."""
    problems: dict[str, list[str]] = {}
    for name in ("title", "body"):
        found = text.check(getattr(template, name), _is_known)
        if found:
            problems[name] = [each.message for each in found]
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def write(template: DocumentTemplate, contact: Contact | None, **columns: Any) -> Document:
    """A draft for the contact. Raises `text.TextError` for a template that cannot be filled in."""
    values = _values(contact)
    recipient = {
        "recipient_name": contact.name[:200] if contact else "", "recipient_email": (contact.email or "") if contact else "",
    }  # fmt: skip
    made: Document = Document.objects.create(
        template=template, contact=contact, name=text.render_line(template.title, values)[:200],
        body=text.render(template.body, values), countersigned=template.countersigned, **{**recipient, **columns},
    )  # fmt: skip
    return made


def _is_known(name: str) -> bool:
    namespace, _dot, rest = name.partition(".")
    if namespace == "contact":
        return sources["contact"].field(rest) is not None
    return namespace == "organisation" and rest in ORGANISATION


def _values(contact: Contact | None) -> dict[str, Any]:
    organisation = Organisation.get()
    own = {name: getattr(organisation, name) for name in ORGANISATION}
    facts = sources["contact"].load({contact.pk}).get(contact.pk, {}) if contact else {}
    return {"organisation": own, "contact": evidence.nested(facts)}
