"""`/order/<form>/`: the page of an order form, and the thanks after it.

No session, no cookie that says who somebody is, no authority of whoever is signed in: so nothing to forge. It works
without JavaScript.
"""

from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commerce import links, order_pages
from commerce.models import Order, OrderForm
from commerce.order_pages import State
from contacts import arrivals, money
from triggers import visiting
from triggers.models import Organisation

# All visitors of a form together may send so many times as often as one.
TOGETHER: Final = 20
LOOKS_A_MINUTE: Final = 240
THANKS: Final = "commerce.order"
# A field that people do not see.
TRAP: Final = "company_website"
LABELS: Final = {
    "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street"), "postal_code": gettext_lazy("Postal code"), "city": gettext_lazy("City"),
    "country": gettext_lazy("Country, such as DE"),
}  # fmt: skip
INPUTS: Final = {
    "name": ("text", "name"), "email": ("email", "email"), "phone": ("tel", "tel"),
    "street": ("text", "street-address"), "postal_code": ("text", "postal-code"), "city": ("text", "address-level2"),
    "country": ("text", "country"),
}  # fmt: skip


@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_page(request: HttpRequest, key: str) -> HttpResponse:
    """The form; 404 and 410 where it is not there or switched off, 429 where somebody sends too often."""
    form = OrderForm.objects.filter(key=key).select_related("upsell__product", "series").first()
    with timezone.override(Organisation.get().zone):
        if form is None:
            told = _("The address was not copied in full, or the form has been taken away.")
            return said(request, 404, _("There is no order form here"), told)
        if not form.active:
            return said(request, 410, _("This order form is closed"), _("Nothing can be ordered here any more."))
        limit = form.per_minute if request.method == "POST" else LOOKS_A_MINUTE
        what = f"o{request.method == 'POST':d}:{form.pk}"
        if visiting.seconds_to_wait(what, request, limit, limit * TOGETHER, timezone.now()):
            told = _("That was too often within a minute. Wait a moment, go back, and send it again.")
            return said(request, 429, _("Not sent yet"), told, {"Retry-After": "60"})
        return _post(request, form) if request.method == "POST" else _show(request, form, _fresh(request, form))


@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def thanks_page(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """What was ordered, where to pay, and what is offered besides; by POST that is added."""
    order = _ordered(token)
    if order is None or order.form is None or order.form.key != key:
        told = _("The address was not copied in full, or the order has been taken away.")
        return said(request, 404, _("There is no order here"), told)
    form = order.form
    with timezone.override(Organisation.get().zone):
        if request.method == "POST":
            if not order_pages.taken(form, order):
                order_pages.upsell(form, order, timezone.now())
            return redirect(request.path)
        orders = [order, *order_pages.added(order)]
        context = {
            "form": form, "orders": [_shown(each) for each in orders], "organisation": Organisation.get(),
            "upsell": None if order_pages.taken(form, order) else form.upsell,
            "upsell_price": money.shown(form.upsell.amount, form.upsell.currency) if form.upsell else "",
        }  # fmt: skip
        return quiet(render(request, "commerce/order_done.html", context))


def said(
    request: HttpRequest, status: int, heading: str, told: str, headers: dict[str, str] | None = None
) -> HttpResponse:
    """A page that says why there is nothing here, or why it was not taken."""
    context = {"organisation": Organisation.get(), "heading": heading, "told": told}
    response = render(request, "commerce/said.html", context, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return quiet(response)


def quiet(response: HttpResponse) -> HttpResponse:
    """Django would log a refused request with its path, and the path may hold a token."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _post(request: HttpRequest, form: OrderForm) -> HttpResponse:
    posted, now = request.POST, timezone.now()
    if posted.get(TRAP):
        return said(request, 200, form.heading, _("Thank you for your order."))
    state = order_pages.read(posted.get("_state", ""), form)
    if state is None:
        return _show(request, form, _fresh(request, form), notice=_("This page was too old. Look at it once more."))
    who, errors = (state.who, {}) if state.who else order_pages.who(form, posted)
    if form.two_steps and not state.who:
        if errors:
            return _show(request, form, state, posted, errors)
        with transaction.atomic():
            going_on, contact = order_pages.opt_in(form, state, who, now)
            arrivals.tell(request, contact, now)
        return _show(request, form, going_on)
    quantities, wrong = order_pages.chosen(form, posted)
    errors = {**errors, **wrong}
    if errors:
        return _show(request, form, state, posted, errors)
    try:
        with transaction.atomic():
            made = order_pages.order(form, state, who, quantities, now)
            arrivals.tell(request, made.contact, now)
    except ValidationError as error:
        return _show(request, form, state, posted, {"goods": " ".join(error.messages)})
    return redirect("commerce:thanks", form.key, Signer(salt=THANKS).sign(str(made.pk)))


def _show(
    request: HttpRequest, form: OrderForm, state: State, posted: Any = None, errors: dict[str, str] | None = None,
    notice: str = "",
) -> HttpResponse:  # fmt: skip
    given, errors = posted or {}, errors or {}
    asks_who, asks_what = not state.who, not form.two_steps or bool(state.who)
    labels = order_pages.asked(form) if asks_who else []
    context = {
        "form": form, "state": state.signed(), "organisation": Organisation.get(), "trap": TRAP, "errors": errors,
        "notice": notice, "asks_what": asks_what,
        "questions": [(name, LABELS[name], *INPUTS[name], given.get(name, ""), errors.get(name, ""),
                       name in order_pages.REQUIRED) for name in labels],
        "items": _items(form, given, errors, is_new=posted is None) if asks_what else [],
    }  # fmt: skip
    status = 422 if errors else 200
    return quiet(render(request, "commerce/order_form.html", context, status=status))


def _items(form: OrderForm, given: Any, errors: dict[str, str], *, is_new: bool) -> list[dict[str, Any]]:
    """What can be ordered, as the page shows it: of several the first is there once."""
    shown = []
    for place, item in enumerate(order_pages.offered(form)):
        price, name = item.price, f"item-{item.pk}"
        first = "1" if is_new and place == 0 and item.kind == "primary" else ""
        shown.append({
            "name": name, "item": item, "price": price, "value": given.get(name, first), "error": errors.get(name, ""),
            "amount": money.shown(price.amount, price.currency),
        })  # fmt: skip
    return shown


def _fresh(request: HttpRequest, form: OrderForm) -> State:
    page = visiting.address(request.build_absolute_uri(request.path))
    return State(form.pk, page_url=page, utm=visiting.utm_of(request.GET))


def _ordered(token: str) -> Order | None:
    try:
        number = int(Signer(salt=THANKS).unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = Order.objects.select_related("form__upsell__product", "contact")
    found: Order | None = rows.filter(pk=number).first()
    return found


def _shown(order: Order) -> dict[str, Any]:
    invoice = order.invoices.exclude(status="draft").first()
    return {
        "order": order, "total": money.shown(order.total, order.currency),
        "invoice": links.of_invoice(invoice.pk) if invoice else "",
        "items": [{**each, "shown": money.shown(Decimal(each["amount"]), order.currency)} for each in order.items],
    }  # fmt: skip
