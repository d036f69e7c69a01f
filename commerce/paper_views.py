"""`/invoice/<token>/` and `/document/<token>/`: what somebody is to pay or to sign, by a signed link, without a login.

A look counts as one where a person takes it: not a program that follows links ahead of them, nor our own staff.
"""

from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commerce import invoicing, links
from commerce.documents import signing
from commerce.documents.signing import Who
from commerce.models import Document, Invoice
from commerce.order_views import quiet, said
from contacts import money
from triggers import languages, visiting
from triggers.api.rates import wait_for_turn
from triggers.context import act_as
from triggers.models import Organisation
from triggers.problems import Invalid

A_MINUTE: Final = 60


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD"])
def invoice_page(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice, to read, to print and to pay; 404 for a link not ours, and for a draft."""
    invoice = links.invoice(token)
    if invoice is None or (invoice.is_draft and not _is_staff(request)):
        told = _("The address was not copied in full, or the invoice has been taken away.")
        return said(request, 404, _("There is no invoice here"), told)
    organisation = Organisation.get()
    with timezone.override(organisation.zone), languages.of_reader(_language(invoice)):
        if _is_a_look(request):
            with act_as(actor="system", actor_id="", origin="invoice page"):
                invoicing.view(invoice, timezone.now())
        return quiet(render(request, "commerce/invoice.html", invoice_context(invoice, organisation)))


def invoice_context(invoice: Invoice, organisation: Organisation) -> dict[str, Any]:
    """What the page of an invoice shows."""

    def shown(value: Decimal) -> str:
        return money.shown(value, invoice.currency)

    today = timezone.localtime(timezone.now(), organisation.zone).date()
    return {
        "invoice": invoice, "organisation": organisation, "is_overdue": invoice.is_overdue(today),
        "lines": [(line, shown(line.unit_amount), shown(line.total)) for line in invoice.lines.all()],
        "subtotal": shown(invoice.subtotal), "discount": shown(invoice.discount) if invoice.discount else "",
        "tax": shown(invoice.tax), "total": shown(invoice.total), "paid": shown(invoice.paid) if invoice.paid else "",
        "owed": shown(invoice.owed), "may_pay": invoice.is_unsettled and bool(invoice.pay_url),
        "has_tax": invoice.lines.exclude(tax_rate=0).exists(),
    }  # fmt: skip


# The signature in the link is what authorises; there is no cookie to protect.
@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_page(request: HttpRequest, token: str) -> HttpResponse:
    """The document, to read and to sign with a typed name; once signed, with its audit page. 404 for a link not ours."""
    document = links.document(token)
    if document is None or document.gateway or (document.status == "draft" and not _is_staff(request)):
        told = _("The address was not copied in full, or the document has been taken away.")
        return said(request, 404, _("There is no document here"), told)
    wait = wait_for_turn(f"document:{document.pk}", A_MINUTE, 60, timezone.now().timestamp())
    if wait:
        return quiet(HttpResponse(status=429, headers={"Retry-After": str(int(wait) + 1)}))
    with timezone.override(Organisation.get().zone), languages.of_reader(_language(document)):
        by = Who(document.recipient_name, visiting.address_of(request), request.headers.get("User-Agent", ""))
        # Whoever is signed in at this browser is not who acts: the link is the recipient's.
        with act_as(actor="system", actor_id="", origin="document page"):
            if request.method == "POST":
                return _act(request, document, by)
            if _is_a_look(request):
                signing.view(document, timezone.now(), by)
        return _show(request, document)


def _act(request: HttpRequest, document: Document, by: Who) -> HttpResponse:
    given, now = request.POST, timezone.now()
    try:
        if given.get("act") == "decline":
            signing.decline(document, given.get("why", ""), now, by)
        elif not given.get("agreed"):
            return _show(request, document, _("Tick that you have read it and agree."))
        else:
            signing.sign(document, given.get("signature", ""), now, by)
    except Invalid as error:
        return _show(request, document, " ".join(problem.message for problem in error.problems))
    return redirect(request.path)


def _show(request: HttpRequest, document: Document, refused: str = "") -> HttpResponse:
    marks = list(document.marks.all()) if document.status not in ("draft", "sent", "viewed") else []
    context = {
        "document": document, "organisation": Organisation.get(), "refused": refused, "marks": marks,
        "typed": request.POST.get("signature", ""),
        "value": money.shown(document.value, document.currency) if document.value else "",
        "paragraphs": [part for part in document.body.split("\n\n") if part.strip()],
    }  # fmt: skip
    return quiet(render(request, "commerce/document.html", context, status=422 if refused else 200))


def _is_a_look(request: HttpRequest) -> bool:
    return not visiting.is_program(request) and not _is_staff(request)


def _is_staff(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))


def _language(record: Invoice | Document) -> str:
    return (record.contact.language or "") if record.contact else ""
