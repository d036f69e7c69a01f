"""A visitor's way through a form or survey: which page comes next, until it is sent.

Nothing is stored on the way: what was answered so far travels with the page, signed. So a visitor who goes away
leaves nothing behind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from capture.forms import answers as reading
from capture.forms import choices_text, questions, submitting
from capture.forms.answers import Posted
from capture.forms.questions import Question
from capture.forms.state import State
from capture.forms.submitting import Filled
from capture.models import Form, FormField, Submission

# No key of a question ends so. People do not see it; programs that fill in whatever there is do.
TRAP: Final = "website_"
STATE: Final = "_state"
BACK: Final = "_back"
OWN: Final = (STATE, BACK, TRAP, "_embed", "csrfmiddlewaretoken")


@dataclass(frozen=True)
class Page:
    """A page to be shown: `number` of `count`, and what is to be said above it."""

    state: State
    questions: Sequence[Question]
    number: int
    count: int
    notice: str = ""
    is_refused: bool = False

    @property
    def errors(self) -> dict[str, str]:
        return {each.name: each.error for each in self.questions if each.error}

    @property
    def is_last(self) -> bool:
        return self.number == self.count

    @property
    def has_files(self) -> bool:
        return any(each.kind == FormField.Kind.FILE for each in self.questions)


@dataclass(frozen=True)
class Done:
    """It was sent. `submission` is None for a program, which is told the same as everybody."""

    submission: Submission | None
    disqualified: bool


def begin(form: Form, query: Mapping[str, str], state: State) -> Page:
    """The first page; hidden values come from its address."""
    fields = _fields(form)
    hidden = {each.key: query[each.key] for each in fields if each.kind == FormField.Kind.HIDDEN and each.key in query}
    return _page(fields, state, hidden)


def first_page(form: Form) -> int:
    return min((field.page for field in form.fields.all()), default=1)


def go(
    form: Form, state: State | None, fresh: State, posted: Any, attached: Posted, now: datetime,
    admit: Callable[[], None] = lambda: None,
) -> Page | Done:  # fmt: skip
    """What comes after a page was sent. `fresh` is the state to begin anew with, where there is none any more.

    `admit` is called once, before anything is stored, and may raise: pages on the way cost no more than looking.
    """
    fields = _fields(form)
    if posted.get(TRAP):
        admit()
        typed = {each.key: value for each in fields if (value := posted.get(each.key)) and "\0" not in value}
        submitting.hold_back(Filled(form, replace(state or fresh, answers=_bounded(typed)), fields), now)
        return Done(None, disqualified=False)
    here = state or fresh
    asked = [each for each in fields if each.page == here.page]
    if state is None:
        notice = _("This page had been open for too long. Look at what you entered, and send it once more.")
        return replace(_page(fields, here, questions.as_posted(asked, posted), notice=notice), is_refused=True)
    if BACK in posted and state.path:
        return _page(fields, replace(state, page=state.path[-1], path=state.path[:-1]), state.answers)
    read = reading.read(asked, posted, attached)
    if read.errors:
        notice = _("Not sent yet. What is marked below needs you.")
        entered = questions.as_posted(asked, posted)
        return replace(_page(fields, state, entered, read.errors, notice), is_refused=True)
    others = {key: value for key, value in state.answers.items() if key not in {each.key for each in asked}}
    state = replace(state, answers={**others, **read.answers})
    following = _next(fields, asked, state)
    if isinstance(following, int):
        state = replace(state, path=[*state.path, state.page], page=following)
        return _page(fields, state, state.answers)
    if state.age(now) < form.min_seconds:
        notice = _("That was quick. Look at what you entered, and send it once more.")
        return _page(fields, state, questions.as_posted(asked, posted), notice=notice)
    unknown = [name for name in posted if name not in OWN and name not in {each.key for each in fields}]
    admit()
    return _send(form, fields, state, read.files, unknown, following == choices_text.DISQUALIFY, now)


def _send(
    form: Form, fields: Sequence[FormField], state: State, files: dict[str, list[Any]], unknown: list[str],
    disqualified: bool, now: datetime,
) -> Done:  # fmt: skip
    """Sends the answers of the pages gone through; what was answered on others, before going back, does not count."""
    gone_through = {*state.path, state.page}
    asked = [each for each in fields if each.page in gone_through]
    kept = {each.key: state.answers[each.key] for each in asked if each.key in state.answers}
    filled = Filled(form, replace(state, answers=kept), asked, files, unknown, disqualified)
    taken = submitting.take_in(filled, now)
    return Done(taken, taken.disqualified)


def _next(fields: Sequence[FormField], asked: Sequence[FormField], state: State) -> int | str:
    """The page after this one, or how it ends: where the first answer that leads somewhere leads, else the next page."""
    leads = (str(each.get("to", "")) for field in asked for each in reading.chosen(field, state.answers))
    to = next((each for each in leads if each), "")
    pages = sorted({each.page for each in fields if each.page > state.page})
    if to.isdigit():
        return next((page for page in pages if page >= int(to)), choices_text.END)
    return to or (pages[0] if pages else choices_text.END)


def _page(
    fields: Sequence[FormField], state: State, entered: Mapping[str, Any], errors: Mapping[str, str] | None = None,
    notice: str = "",
) -> Page:  # fmt: skip
    pages = sorted({each.page for each in fields}) or [1]
    number = pages.index(state.page) + 1 if state.page in pages else 1
    asked = [each for each in fields if each.page == state.page]
    return Page(state, questions.shown(asked, entered, errors), number, len(pages), notice)


def _fields(form: Form) -> list[FormField]:
    return list(form.fields.all())


def _bounded(typed: Mapping[str, str]) -> dict[str, str]:
    """What a program entered, cut short: it is kept for staff to look at, no more."""
    plain = {key: "".join(each for each in value[:300] if each.isprintable()) for key, value in typed.items()}
    return {key: value.encode(errors="ignore").decode() for key, value in plain.items()}
