"""Sets and clears fields of the contact."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, model_validator

from contacts import cleaning, services
from contacts.run_contact import computed, contact_of, label, labels, no_such_field, refusal, value_problems
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.wording.words import shown


@action(
    "contact.update",
    label=gettext_lazy("Update contact"),
    section="Contacts",
    may_cause=("contact.changed",),
    texts=("values",),
    needs=("contacts.change_contact",),
)
class ContactUpdate(Action):
    """Sets fields to fixed or computed values, and clears others; its result tells old and new values.

    A computed value that comes out empty leaves its field as it is; to empty a field, clear it. The owner is
    a username. Fields of your own are written `custom_fields.size`.
    """

    values: dict[str, Any] = Field({}, max_length=50)
    clear: list[str] = Field([], max_length=50)

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not self.values and not self.clear:
            raise ValueError(_("Name at least one field to set or to clear."))
        return self

    def problems(self, uid: str) -> list[Problem]:
        found = value_problems(self.values, ("values",))
        for index, name in enumerate(self.clear):
            why = self._cannot_clear(name)
            if why:
                found.append(Problem(("clear", index), why))
        return found

    def run(self, ctx: RunContext) -> Outcome:
        contact, values = contact_of(ctx), computed(ctx, self.values)
        try:
            changes = services.update(contact, {**values, **dict.fromkeys(self.clear)})
        except ValidationError as error:
            return Fail(refusal(error))
        if not changes:
            return Done(_("Everything was so already."), {"changes": {}})
        return Done(_("Changed: %(fields)s.") % {"fields": labels(changes)}, {"changes": changes})

    def preview(self, ctx: RunContext) -> str:
        parts = [
            _("sets %(field)s to %(value)s") % {"field": label(name), "value": shown(value)}
            for name, value in computed(ctx, self.values).items()
        ]
        parts += [_("clears %(field)s") % {"field": label(name)} for name in self.clear]
        text = "; ".join(parts) or _("changes nothing: every computed value is empty")
        return f"{text[:1].upper()}{text[1:]}."

    def _cannot_clear(self, name: str) -> str:
        if not cleaning.is_field(name):
            return no_such_field(name)
        if name in self.values:
            return _("This field is set above; either set or clear it.")
        try:
            cleaning.clean({name: None})
        except ValidationError as error:
            if name.startswith(f"{cleaning.CUSTOM}."):
                return " ".join(error.messages)
            return _("This field always has a value; set it to another one.")
        return ""
