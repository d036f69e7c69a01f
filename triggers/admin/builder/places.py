"""Problems of a document at the card and the field where they can be mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from triggers.admin.builder.cards import Card, Form
from triggers.admin.builder.conditions import Group, Row
from triggers.admin.builder.controls import Fields
from triggers.problems import Path, Problem


@dataclass(frozen=True)
class Place:
    """Where a path of the document stands on the page: the id to jump to, what it is called, and what to mark."""

    anchor: str
    label: str
    target: Any = None
    card: Card | None = None


@dataclass(frozen=True)
class Remedy:
    """What is offered beside a problem: a button of the form that does something, or a page to look at."""

    label: str
    does: str = ""
    url: str = ""


@dataclass(frozen=True)
class Remediable(Problem):
    """A problem with a remedy of its own."""

    remedy: Remedy | None = None


@dataclass(frozen=True)
class Found:
    """A problem with its place."""

    message: str
    warning: bool
    place: Place
    remedy: Remedy | None = None

    @property
    def where(self) -> str:
        """Such as: Add task, Title."""
        if self.place.card is None or self.place.target is self.place.card:
            return self.place.label
        words = {"card": self.place.card.title, "field": self.place.label}
        return _("%(card)s: %(field)s") % words


def place(form: Form, problems: list[Problem]) -> list[Found]:
    """Each problem with its place, errors marked there and their cards opened; errors first."""
    places = dict(_places(form))
    found = []
    for problem in sorted(problems, key=lambda each: each.warning):
        here = next(places[problem.path[:n]] for n in range(len(problem.path), -1, -1) if problem.path[:n] in places)
        remedy = problem.remedy if isinstance(problem, Remediable) else None
        found.append(Found(problem.message, problem.warning, here, remedy))
        if not problem.warning and here.target is not None:
            here.target.errors.append(problem.message)
        if here.card is not None and not problem.warning:
            here.card.is_open = True
            # The conditions of triggers stand on a card of their own, and are marked there.
            if here.card.sort == "action" or not isinstance(here.target, Group | Row):
                here.card.first_error = here.card.first_error or problem.message
    return found


def _places(form: Form) -> Iterator[tuple[Path, Place]]:
    yield (), Place("then", _("The workflow"))
    yield ("triggers",), Place("when", _("When"))
    yield ("exits",), Place("limits", _("Stop early when"))
    yield ("actions",), Place("then", _("Then"))
    yield ("settings",), Place("limits", _("Limits"))
    yield from _of_fields(form.limits, None)
    for card in form.cards():
        yield from _of_card(card)


def _of_card(card: Card) -> Iterator[tuple[Path, Place]]:
    own = Place(card.id, card.title, card, card)
    yield card.path, own
    yield (*card.path, "action" if card.sort == "action" else "event"), own
    if card.fields is not None:
        yield from _of_fields(card.fields, card)
    for group in (card.condition, card.waits_for):
        if group is not None:
            yield from _of_group(group, card)
    for arm in card.arms:
        yield arm.path, Place(f"arm-{arm.name}", arm.title, arm, card)
        if arm.condition is not None:
            yield from _of_group(arm.condition, card)


def _of_fields(fields: Fields, card: Card | None) -> Iterator[tuple[Path, Place]]:
    for control in fields.controls:
        yield control.path, Place(control.id, control.label, control, card)
        for row in control.rows:
            yield from _of_fields(row, card)


def _of_group(group: Group, card: Card) -> Iterator[tuple[Path, Place]]:
    if not group.lone:
        yield group.path, Place(group.id, _("Conditions"), group, card)
    for row in group.rows:
        if isinstance(row, Group):
            yield from _of_group(row, card)
        else:
            label = str(row.asked.label) if row.asked else _("Condition")
            yield row.path, Place(f"row-{row.id}", label, row, card)
