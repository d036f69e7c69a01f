"""Documents as signing services tell them: the status only goes up, each step has the moment it was told for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from commerce import mirroring
from commerce.customers import Told, by_address
from commerce.documents.signing import RANK
from commerce.models import Document, DocumentMark


@dataclass(frozen=True)
class DocumentTold:
    """A document at a signing service; `steps` are the statuses it has reached, each with its moment."""

    number: str
    status: str
    steps: Mapping[str, datetime]
    name: str = ""
    signer: Told = field(default_factory=Told)
    declined_because: str = ""


def note(gateway: str, told: DocumentTold) -> Document:
    """Stores what is new of it: a step that is told late fills in its moment, and takes the document nowhere back."""
    row = mirroring.held(Document, gateway, told.number)
    if row.pk is None or RANK[told.status] > RANK[row.status]:
        row.status = told.status
    mirroring.fill(
        row, name=told.name[:200], recipient_name=told.signer.name[:200], recipient_email=told.signer.email[:254],
        declined_because=told.declined_because[:500],
    )  # fmt: skip
    if row.contact is None:
        row.contact = by_address(told.signer, gateway)
    for step, at in told.steps.items():
        column = f"{step}_at"
        if hasattr(row, column):
            setattr(row, column, mirroring.earlier(getattr(row, column), at))
    row.save()
    for step, at in told.steps.items():
        mark, made = DocumentMark.objects.get_or_create(
            document=row, what=step, defaults={"at": at, "who": told.signer.name[:200]}
        )
        if not made and at < mark.at:
            mark.at = at
            mark.save(update_fields=["at"])
    return row
