"""What settings of workflows may choose from among contacts' things: tags, and the fields of a contact."""

from collections.abc import Iterator

from contacts import countries
from contacts.dates.dated import sources as dates
from contacts.facts import ContactFacts
from contacts.models import Tag
from triggers import choices
from triggers.conditions.fields import Kind


def register() -> None:
    tags = Tag.objects.order_by("name")
    choices.register("tag", lambda: choices.of_records(tags.all(), "name"), "tags", "without_tags", open=True)
    choices.register("tag id", lambda: choices.of_records(tags.all(), "pk", "name"), model="contacts.tag")
    choices.register("country", countries.choices, open=True)
    choices.register("date of contact", _dates, open=True)
    choices.register("contact date", lambda: dates().items())


def _dates() -> Iterator[choices.Choice]:
    """The dates that are kept of a contact."""
    facts = ContactFacts()
    for name, field in {**facts.fields(), **facts.own_fields()}.items():
        if field.kind in (Kind.DATE, Kind.DATETIME):
            yield f"contact.{name}", str(field.label)
