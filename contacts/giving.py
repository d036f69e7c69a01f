"""What actions share that give the run's contact something, or take it away: groups, course offers."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from contacts.models import Contact
from contacts.run_contact import contact_of, refusal
from triggers.action_types import Action, Done, Fail, Outcome
from triggers.run_context import RunContext
from triggers.wording.words import shown


class Giving(Action):
    """An action with the run's contact and some records, all of them or none; each kind says in its words what it does.

    `chosen` is the setting that holds the numbers of the records, `things` what its words and its result call them.
    """

    model: ClassVar[Any]
    chosen: ClassVar[str]
    things: ClassVar[str]
    # what it does, did, or need not do
    does: ClassVar[Any]
    did: ClassVar[Any]
    did_nothing: ClassVar[Any]
    # what is said where one of the records is gone, and where all are
    one_is_gone: ClassVar[Any]
    all_are_gone: ClassVar[Any]

    @abstractmethod
    def move(self, ctx: RunContext, contact: Contact, records: Sequence[Any]) -> Sequence[Any]:
        """Does it; the records that it was done with. Raises ValidationError."""

    def run(self, ctx: RunContext) -> Outcome:
        contact, records = contact_of(ctx), self._records()
        if len(records) < len(set(getattr(self, self.chosen))):
            return Fail(str(self.one_is_gone))
        try:
            names = [str(record) for record in self.move(ctx, contact, records)]
        except ValidationError as error:
            return Fail(refusal(error))
        return Done(str(self.did % {self.things: shown(names)} if names else self.did_nothing), {self.things: names})

    def preview(self, ctx: RunContext) -> str:
        names = [str(record) for record in self._records()]
        return str(self.does % {self.things: shown(names)} if names else self.all_are_gone)

    def _records(self) -> list[Any]:
        """In the order of their models."""
        return list(self.model._default_manager.filter(pk__in=getattr(self, self.chosen)))
