"""What the actions that set and clear fields of a record share."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field, model_validator

from contacts.run_contact import computed, refusal
from triggers.action_types import Action, Done, Fail, Outcome
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.wording.words import shown


class FieldUpdate(Action):
    """Sets `values` and clears fields; the subclass says of which record, and what its fields are called."""

    values: dict[str, Any] = Field({}, max_length=50, title=gettext_noop("Fields"))
    clear: list[str] = Field([], max_length=50, title=gettext_noop("Fields to empty"))

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not self.values and not self.clear:
            raise ValueError(_("Name at least one field to set or to clear."))
        return self

    def write(self, ctx: RunContext, values: dict[str, Any]) -> dict[str, Any]:
        """Writes the values into the run's record; what changed. Raises ValidationError."""
        raise NotImplementedError

    def called(self, name: str) -> str:
        """What staff call the field."""
        raise NotImplementedError

    def value_problems(self) -> list[Problem]:
        """What is wrong with the fields that are set."""
        raise NotImplementedError

    def cannot_clear(self, name: str) -> str:
        """Why this field cannot be emptied; empty where it can."""
        raise NotImplementedError

    def problems(self, uid: str) -> list[Problem]:
        found = self.value_problems()
        return found + [Problem(("clear", n), why) for n, name in enumerate(self.clear) if (why := self._kept(name))]

    def run(self, ctx: RunContext) -> Outcome:
        values = computed(ctx, self.values)
        try:
            changes = self.write(ctx, {**values, **dict.fromkeys(self.clear)})
        except ValidationError as error:
            return Fail(refusal(error, self.called))
        if not changes:
            return Done(_("Everything was so already."), {"changes": {}})
        return Done(_("Changed: %(fields)s.") % {"fields": self._labels(changes)}, {"changes": changes})

    def preview(self, ctx: RunContext) -> str:
        parts = [
            _("sets %(field)s to %(value)s") % {"field": self.called(name), "value": shown(value)}
            for name, value in computed(ctx, self.values).items()
        ]
        parts += [_("clears %(field)s") % {"field": self.called(name)} for name in self.clear]
        text = "; ".join(parts) or _("changes nothing: every computed value is empty")
        return f"{text[:1].upper()}{text[1:]}."

    def _kept(self, name: str) -> str:
        if name in self.values:
            return _("This field is set above; either set or clear it.")
        return self.cannot_clear(name)

    def _labels(self, names: Iterable[str]) -> str:
        return ", ".join(self.called(name) for name in names)
