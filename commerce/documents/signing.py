"""What happens to a document once it is written: sent, looked at, signed with a typed name, declined, withdrawn.

Each act is a mark on its audit page, with when, who, from where, and the fingerprint of the text as it was then.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.models import Document, DocumentMark
from commerce.models.document import UNSIGNED
from triggers.models import Organisation
from triggers.problems import Invalid, Problem

Status = Document.Status
# How far a status is on its way: what arrives late does not bring a document back.
RANK: Final[dict[str, int]] = {
    "draft": 0, "sent": 1, "viewed": 2, "signed": 3, "expired": 4, "voided": 5, "declined": 6, "completed": 7,
}  # fmt: skip
DAYS_OPEN: Final = 30


class Who(NamedTuple):
    """Who does something to a document, and from where."""

    name: str = ""
    address: str = ""
    agent: str = ""


NOBODY: Final = Who()


@transaction.atomic
def send(document: Document, now: datetime | None = None, by: Who = NOBODY) -> None:
    """Fixes the text and its fingerprint and opens the document for its signature; again changes nothing.

    Raises Invalid for a document without text or without somebody to sign it.
    """
    now = now or timezone.now()
    lock(document)
    if document.status != Status.DRAFT:
        return
    if not document.body.strip():
        raise Invalid([Problem(("body",), _("The document is empty. Write its text."))])
    if not (document.recipient_name or document.recipient_email):
        raise Invalid([Problem(("recipient_name",), _("Enter who is to sign it."))])
    document.digest = fingerprint(document)
    if document.expires_on is None:
        days = document.template.days_open if document.template else DAYS_OPEN
        document.expires_on = today(now) + timedelta(days=days)
    _become(document, Status.SENT, now, by)


@transaction.atomic
def view(document: Document, now: datetime, by: Who) -> None:
    """Notes that whoever is to sign it looked at it; the first time counts."""
    lock(document)
    if document.status == Status.SENT:
        _become(document, Status.VIEWED, now, by)


@transaction.atomic
def sign(document: Document, signature: str, now: datetime, by: Who) -> None:
    """Signs with a typed name. Raises Invalid where there is none, or where it cannot be signed any more.

    Without a signature of ours to come, the document is completed at once.
    """
    lock(document)
    _require_open(document, now)
    name = " ".join(signature.split())[:200]
    if len(name) < 2:
        raise Invalid([Problem(("signature",), _("Type your full name to sign."))])
    if fingerprint(document) != document.digest:
        raise Invalid([Problem((), _("The text is not the one that was sent. Ask for it to be sent anew."))])
    document.signature = name
    _become(document, Status.SIGNED, now, by._replace(name=name))
    if not document.countersigned:
        _become(document, Status.COMPLETED, now, NOBODY)


@transaction.atomic
def countersign(document: Document, signature: str, now: datetime, by: Who) -> None:
    """Signs for us what the other side has signed; the document is complete then. Raises Invalid before that."""
    lock(document)
    if document.status != Status.SIGNED:
        raise Invalid([Problem((), _("It is your turn once the other side has signed."))])
    document.countersignature = signature[:200]
    _become(document, Status.COMPLETED, now, by)


@transaction.atomic
def decline(document: Document, why: str, now: datetime, by: Who) -> None:
    """Notes that it is not to be signed, and why not. Raises Invalid where it cannot be signed any more anyway."""
    lock(document)
    _require_open(document, now)
    document.declined_because = why.strip()[:500]
    _become(document, Status.DECLINED, now, by)


@transaction.atomic
def withdraw(document: Document, now: datetime | None = None, by: Who = NOBODY) -> None:
    """Withdraws a document that waits for its signature. Raises Invalid for any other."""
    lock(document)
    if not document.is_open:
        raise Invalid([Problem((), _("Only a document that waits for its signature can be withdrawn."))])
    _become(document, Status.VOIDED, now or timezone.now(), by)


def expire(now: datetime | None = None) -> int:
    """Lets run out what was to be signed by yesterday; how many. Called every night."""
    moment, count = now or timezone.now(), 0
    late = Document.objects.filter(UNSIGNED, expires_on__lt=today(moment))
    for document in late.order_by("pk")[:1000]:
        with transaction.atomic():
            lock(document)
            if document.is_open:
                _become(document, Status.EXPIRED, moment, NOBODY)
                count += 1
    return count


def fingerprint(document: Document) -> str:
    """SHA-256 of heading and text, in hexadecimal."""
    return sha256(f"{document.name}\n\n{document.body}".encode()).hexdigest()


def today(now: datetime) -> date:
    return timezone.localtime(now, Organisation.get().zone).date()


def lock(document: Document) -> None:
    document.refresh_from_db(from_queryset=Document.objects.select_for_update(of=("self",)))


def mark(document: Document, what: str, now: datetime, by: Who) -> None:
    """Adds a row to the audit page."""
    DocumentMark.objects.create(
        document=document, at=now, what=what, who=by.name[:200], address=by.address[:60], agent=by.agent[:300],
        digest=document.digest,
    )  # fmt: skip


def _become(document: Document, status: str, now: datetime, by: Who) -> None:
    document.status = status
    column = f"{status}_at"
    if hasattr(document, column):
        setattr(document, column, now)
    document.save()
    mark(document, status, now, by)


def _require_open(document: Document, now: datetime) -> None:
    if not document.is_open:
        words = {"state": document.get_status_display()}
        raise Invalid([Problem((), _("It cannot be signed any more: %(state)s.") % words)])
    if document.expires_on and document.expires_on < today(now):
        raise Invalid([Problem((), _("It was to be signed until %(day)s.") % {"day": document.expires_on})])
