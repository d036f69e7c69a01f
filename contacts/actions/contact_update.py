"""Sets and clears fields of the contact."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import cleaning, run_contact, services
from contacts.run_update import FieldUpdate
from triggers.action_types import action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "contact.update",
    label=gettext_lazy("Update contact"),
    section="Contacts",
    may_cause=("contact.changed",),
    texts=("values",),
    needs=("contacts.change_contact",),
)
class ContactUpdate(FieldUpdate):
    """Sets fields to fixed or computed values, and clears others; its result tells old and new values.

    A computed value that comes out empty leaves its field as it is; to empty a field, clear it. The owner is
    a username. Fields of your own are written `custom_fields.size`.
    """

    def write(self, ctx: RunContext, values: dict[str, Any]) -> dict[str, Any]:
        return services.update(run_contact.contact_of(ctx), values)

    def called(self, name: str) -> str:
        return run_contact.label(name)

    def value_problems(self) -> list[Problem]:
        return run_contact.value_problems(self.values, ("values",))

    def cannot_clear(self, name: str) -> str:
        if not cleaning.is_field(name):
            return run_contact.no_such_field(name)
        if name == cleaning.CUSTOM:
            return _("Fields of your own are cleared one by one: write custom_fields.size, for example.")
        try:
            cleaning.clean({name: None})
        except ValidationError as error:
            if name.startswith(f"{cleaning.CUSTOM}."):
                return " ".join(error.messages)
            return _("This field always has a value; set it to another one.")
        return ""
