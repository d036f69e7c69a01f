"""What the two actions on groups share: which groups they name, and how they say what they did."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field

from communities.keys import GroupNumber
from communities.models import Group
from contacts.models import Contact
from contacts.run_contact import contact_of, refusal
from triggers.action_types import Action, Done, Fail, Outcome
from triggers.run_context import RunContext
from triggers.wording.words import shown


class GroupAction(Action):
    """An action on the groups of the run's contact; each kind says in its words what it does, did, or need not do."""

    does: ClassVar[Any]
    did: ClassVar[Any]
    did_nothing: ClassVar[Any]

    groups: list[GroupNumber] = Field(
        min_length=1,
        max_length=50,
        title=gettext_noop("Which groups"),
        examples=[[1]],
        json_schema_extra={"source": "community group"},
    )
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))

    @staticmethod
    @abstractmethod
    def move(contact: Contact, groups: Sequence[Group], reason: str) -> list[Group]:
        """Does it; the groups that changed. Raises ValidationError."""

    def run(self, ctx: RunContext) -> Outcome:
        contact, groups = contact_of(ctx), self._groups()
        if len(groups) < len(set(self.groups)):
            return Fail(_("One of the groups was deleted. Choose others."))
        try:
            moved = self.move(contact, groups, ctx.render_line(self.reason))
        except ValidationError as error:
            return Fail(refusal(error))
        names = [group.name for group in moved]
        return Done(str(self.did % {"groups": shown(names)} if names else self.did_nothing), {"groups": names})

    def preview(self, ctx: RunContext) -> str:
        names = [group.name for group in self._groups()]
        return str(self.does % {"groups": shown(names)}) if names else _("There is no such group any more.")

    def _groups(self) -> list[Group]:
        return list(Group.objects.filter(pk__in=self.groups).order_by("name"))
