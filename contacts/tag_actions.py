"""What the two tag actions share: the tags they name, and how they say what they did."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop
from pydantic import Field

from contacts.models import Contact
from contacts.run_contact import contact_of, refusal, tag_names
from triggers.action_types import Action, Done, Fail, Outcome
from triggers.run_context import RunContext
from triggers.wording.words import shown


class TagAction(Action):
    """An action on the tags of the run's contact; each kind says in its words what it does, did, or had no need to."""

    does: ClassVar[Any]
    does_nothing: ClassVar[Any]
    did: ClassVar[Any]
    did_nothing: ClassVar[Any]
    result: ClassVar[str]

    tags: list[str] = Field(min_length=1, max_length=50, title=gettext_noop("Which tags"))

    @staticmethod
    @abstractmethod
    def move(contact: Contact, names: Sequence[str]) -> list[str]:
        """Does it; the tags that moved. Raises ValidationError."""

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        try:
            moved = self.move(contact, tag_names(ctx, self.tags))
        except ValidationError as error:
            return Fail(refusal(error))
        said = self.did % {"tags": shown(moved)} if moved else self.did_nothing
        return Done(str(said), {self.result: moved})

    def preview(self, ctx: RunContext) -> str:
        try:
            names = tag_names(ctx, self.tags)
        except ValidationError as error:
            return refusal(error)
        return str(self.does % {"tags": shown(names)} if names else self.does_nothing)
