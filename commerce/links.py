"""The addresses of invoices and documents for whoever they are sent to: signed, and of the one record they were made for."""

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer

from commerce.models import Document, Invoice

INVOICE: Final = "commerce.invoice"
DOCUMENT: Final = "commerce.document"


def of_invoice(pk: int) -> str:
    return f"{settings.PUBLIC_URL}/invoice/{Signer(salt=INVOICE).sign(str(pk))}/"


def of_document(pk: int) -> str:
    return f"{settings.PUBLIC_URL}/document/{Signer(salt=DOCUMENT).sign(str(pk))}/"


def invoice(token: str) -> Invoice | None:
    """The invoice of a link; None for what is none of ours."""
    pk = _number(token, INVOICE)
    found: Invoice | None = Invoice.objects.filter(pk=pk).select_related("series").first() if pk else None
    return found


def document(token: str) -> Document | None:
    """The document of a link; None for what is none of ours."""
    pk = _number(token, DOCUMENT)
    found: Document | None = Document.objects.filter(pk=pk).first() if pk else None
    return found


def _number(token: str, salt: str) -> int | None:
    try:
        return int(Signer(salt=salt).unsign(token))
    except (BadSignature, ValueError):
        return None
