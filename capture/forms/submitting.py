"""Taking one submission in: stored, turned into a contact and an event, all of it in one transaction.

Once per number of the submission, however often and however concurrently it is sent: the unique row decides.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from capture import mapping
from capture.events.form_submitted import FormSubmitted
from capture.events.survey_submitted import SurveySubmitted
from capture.forms import answers as reading
from capture.forms.state import State
from capture.models import Form, FormField, Submission, SubmissionFile
from contacts import leads
from contacts.models import Contact
from triggers import files, languages
from triggers.context import act_as
from triggers.outbox import emit_once
from triggers.problems import Problem, pointer

# How many names of unknown fields are kept, and how long each may be.
MOST_UNKNOWN: Final = 20
MAX_NAME: Final = 60
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in: its state with every answer, the questions that were asked, and files by key."""

    form: Form
    state: State
    questions: Sequence[FormField]
    files: Mapping[str, list[Any]] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    disqualified: bool = False


def take_in(filled: Filled, now: datetime) -> Submission:
    """Stores the submission with its contact and its event; one that was taken in before is answered as it is."""
    known = _known(filled)
    if known is not None:
        return known
    try:
        # Whoever is signed in at this browser is not who acts: the visitor is.
        with act_as(actor="system", actor_id="", origin=f"form {filled.form.name}"[:120]):
            return _take_in(filled, now)
    except IntegrityError:
        known = _known(filled)
        if known is None:
            raise
        return known


def hold_back(filled: Filled, now: datetime) -> Submission:
    """Keeps what a program sent: no contact, no event. Staff see it, and may take it in after all."""
    # Under a number of its own: what is sent under the same one by hand still counts.
    row = _row(filled, now, uid=uuid4(), status=Submission.Status.TRAP)
    row.save(force_insert=True)
    return row


def release(held: Submission, now: datetime) -> Submission:
    """Takes in what was held back: staff say that it is no spam."""
    state = State(
        form=held.form_id, begun=now.timestamp(), page=1, uid=str(held.uid), answers=held.answers,
        page_url=held.page_url, referrer=held.referrer, utm=held.utm,
    )  # fmt: skip
    filled = Filled(held.form, state, list(held.form.fields.all()), unknown=held.unknown)
    with transaction.atomic():
        locked = Submission.objects.select_for_update(of=("self",)).get(pk=held.pk)
        if locked.status == Submission.Status.TRAP:
            _finish(filled, locked)
        return locked


@files.undone_on_failure()
@transaction.atomic
def _take_in(filled: Filled, now: datetime) -> Submission:
    row = _row(filled, now, uid=filled.state.number, status=Submission.Status.TAKEN)
    # First of all, so that a second one at the same time waits here, and then finds it done.
    row.save(force_insert=True)
    for key, given in filled.files.items():
        for each in given:
            kept = SubmissionFile(submission=row, field_key=key, name=each.name, size=each.size, file=each)
            kept.save(force_insert=True)
            files.written(kept.file)
    return _finish(filled, row)


def _finish(filled: Filled, row: Submission) -> Submission:
    """The contact and the event of a stored submission."""
    row.status = Submission.Status.TAKEN
    # Staff read what is kept of a problem, whatever language the visitor's browser asked for.
    with languages.organisations():
        contact, problems = _contact(filled, row)
        row.problems = [_told(each) for each in problems]
    row.contact_id = contact.pk if contact else None
    event, _is_new = emit_once(f"form:{row.form_id}:{row.uid}", _payload(filled, row))
    row.event_id = event.pk
    row.save(update_fields=["contact_id", "event_id", "problems", "status"])
    return row


def _row(filled: Filled, now: datetime, **columns: Any) -> Submission:
    state, asked = filled.state, filled.questions
    return Submission(
        form=filled.form, received_at=now, answers=state.answers, unknown=_names(filled.unknown),
        terms=reading.agreed(asked, state.answers), consents=reading.consents(asked, state.answers),
        disqualified=filled.disqualified,
        score=reading.points(list(filled.form.fields.all()), state.answers),
        page_url=state.page_url, referrer=state.referrer, utm=state.utm, **columns,
    )  # fmt: skip


def _contact(filled: Filled, row: Submission) -> tuple[Contact | None, list[Problem]]:
    """The contact that was found or made, and what could not be stored of it."""
    paths = {each.maps_to: each.key for each in filled.questions if each.maps_to}
    if not paths:
        return None, []
    values, problems = mapping.apply(paths, filled.state.answers, {})
    try:
        contact, refused = leads.find_or_make(values, filled.form.match_by, first=_first(filled))
        if contact is not None:
            leads.attribute(contact, _came(filled.state))
    except OperationalError:
        # The database is busy: nothing is kept, and the visitor sends again.
        raise
    except Exception:
        logger.exception("Form %s: the contact of submission %s was not stored", filled.form.pk, row.uid)
        row.status = Submission.Status.FAILED
        return None, [*problems, Problem((), _("The contact was not stored because of a fault of ours; see the log."))]
    return contact, problems + refused


def _first(filled: Filled) -> dict[str, Any]:
    """What a contact gets that this form makes."""
    return {"channel": Contact.Channel.FORM.value, "source": filled.form.name}


def _came(state: State) -> dict[str, str]:
    """By which campaign, from where and over which page somebody came."""
    found = {**state.utm, "referrer": state.referrer, "page": state.page_url}
    return {name: value for name, value in found.items() if value}


def _payload(filled: Filled, row: Submission) -> FormSubmitted | SurveySubmitted:
    same: dict[str, Any] = {
        "contact_id": row.contact_id, "submission_id": row.pk, "submitted_at": row.received_at,
        "answers": row.answers, "terms": row.terms, "page_url": row.page_url, "referrer": row.referrer,
        "utm": row.utm, "score": row.score, "problems": row.problems,
    }  # fmt: skip
    form = filled.form
    if form.is_survey:
        return SurveySubmitted(survey_id=form.pk, survey=form.name, disqualified=row.disqualified, **same)
    return FormSubmitted(form_id=form.pk, form=form.name, **same)


def _known(filled: Filled) -> Submission | None:
    return Submission.objects.filter(form=filled.form, uid=filled.state.number).first()


def _names(unknown: Sequence[str]) -> list[str]:
    cut = ("".join(letter for letter in name[:MAX_NAME] if letter.isprintable()) for name in unknown)
    return list(dict.fromkeys(name for name in cut if name))[:MOST_UNKNOWN]


def _told(problem: Problem) -> str:
    where = pointer(problem.path)
    return f"{where}: {problem.message}" if where else problem.message
