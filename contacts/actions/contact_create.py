"""Makes a contact, or finds the one that is there already."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts import identity, services
from contacts.models import Contact
from contacts.run_contact import computed, labels, refusal, tag_names, value_problems
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "contact.create",
    label=gettext_lazy("Create or find contact"),
    section="Contacts",
    may_cause=("contact.created", "contact.changed", "contact.tag_added"),
    outcomes=("created", "found"),
    texts=("values", "tags"),
    needs=("contacts.add_contact", "contacts.change_contact"),
)
class ContactCreate(Action):
    """Finds the contact whose `match` fields all are as in `values`, or creates one; the run goes on with it.

    Without `match` it goes by the first of external id, e-mail and phone that has a value. What comes out
    empty is left out. A contact that is found keeps its values unless `update_found` is set.
    """

    values: dict[str, Any] = Field(min_length=1, max_length=50, title=gettext_noop("Fields"))
    match: list[Literal["external_id", "email", "phone"]] = Field(
        [],
        title=gettext_noop("The same contact if these agree"),
        json_schema_extra={
            "labels": {
                "external_id": gettext_noop("Number in another system"),
                "email": gettext_noop("E-mail"),
                "phone": gettext_noop("Phone"),
            }
        },
    )
    update_found: bool = Field(False, title=gettext_noop("Also change a contact that was found"))
    tags: list[str] = Field([], max_length=50, title=gettext_noop("Tags"))

    def problems(self, uid: str) -> list[Problem]:
        without = [
            Problem(("match", index), _("Give a value for it above, or find contacts by something else."))
            for index, name in enumerate(self.match)
            if name not in self.values
        ]
        return without + value_problems(self.values, ("values",))

    def run(self, ctx: RunContext) -> Outcome:
        try:
            with transaction.atomic():
                contact, created = self._contact(ctx)
        except ValidationError as error:
            return Fail(refusal(error))
        ctx.adopt_contact(contact.pk)
        text = _("Created %(contact)s.") if created else _("Found %(contact)s.")
        return Done(text % {"contact": contact}, {"contact_id": contact.pk}, "created" if created else "found")

    def preview(self, ctx: RunContext) -> str:
        by = self._match(computed(ctx, self.values))
        if not by:
            return _("Creates a contact.")
        return _("Creates a contact, or finds the one with the same %(fields)s.") % {"fields": labels(by)}

    def simulate(self, ctx: RunContext) -> Outcome:
        values = computed(ctx, self.values)
        try:
            found = services.find(self._match(values), region=str(values.get("country", "")))
        except ValidationError as error:
            return Fail(refusal(error))
        if found is None:
            return Done(_("Creates a contact."), outcome="created")
        ctx.adopt_contact(found.pk)
        return Done(_("Finds %(contact)s.") % {"contact": found}, {"contact_id": found.pk}, "found")

    def _contact(self, ctx: RunContext) -> tuple[Contact, bool]:
        values = computed(ctx, self.values)
        tags = tag_names(ctx, self.tags)
        contact, created = services.find_or_create(self._match(values), values)
        if self.update_found and not created:
            services.update(contact, values)
        if tags:
            services.add_tags(contact, tags)
        return contact, created

    def _match(self, values: dict[str, Any]) -> dict[str, Any]:
        """What to find the contact by."""
        given: dict[str, Any] = {name: values[name] for name in identity.IDENTITIES if name in values}
        if self.match:
            return {name: value for name, value in given.items() if name in self.match}
        return dict(list(given.items())[:1])
