"""`/f/<form>/`: the page of a form or survey, the same within a website's frame, and as JSON for scripts.

No session, no cookie that says who somebody is, no authority of whoever is signed in: so nothing to forge. It works
without JavaScript.
"""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from capture import visitors
from capture.addresses import origin_of
from capture.forms import going, receiving, state
from capture.forms.going import Done, Page
from capture.models import Form
from contacts import arrivals
from contacts.models import Contact
from triggers import visiting
from triggers.api.parsers import Unreadable
from triggers.models import Organisation

# All visitors of a form together may send so many times as often as one.
TOGETHER: Final = 20
# Looking, and going from page to page, costs little; this is what one address may.
LOOKS_A_MINUTE: Final = 240
METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")


class TooOften(Exception):
    """More sendings within a minute than the form takes from one address, or from all."""


@csrf_exempt
@never_cache
@login_not_required
@xframe_options_exempt
def form_page(request: HttpRequest, key: str) -> HttpResponse:
    """A page of the form; 404 and 410 where it is not there or switched off, 429 where somebody sends too often."""
    form = Form.objects.filter(key=key).prefetch_related("fields").first()
    with timezone.override(Organisation.get().zone):
        try:
            response = _answer(request, form)
        except OperationalError:
            told = _("We are very busy right now. Go back and send it again in a minute.")
            response = _said(request, form, 503, _("Not sent yet"), told, {"Retry-After": "60"})
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = policy(form)
    response["X-Robots-Tag"] = "noindex"
    return _for_scripts(request, form, response)


def policy(form: Form | None) -> str:
    """Which websites may frame the page, and where sending it may end."""
    around = " ".join(["'self'", *(form.allowed_origins if form else [])])
    after = " ".join(["'self'", *([origin_of(form.redirect_url)] if form and form.redirect_url else [])])
    return f"default-src 'self'; base-uri 'none'; form-action {after}; frame-ancestors {around}"


def _answer(request: HttpRequest, form: Form | None) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
    if form is None:
        told = _("The address was not copied in full, or the form has been taken away.")
        return _said(request, form, 404, _("There is no form here"), told)
    if not form.active:
        told = _("This form takes no answers any more.")
        return _said(request, form, 410, _("This form is closed"), told)
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    return _post(request, form) if request.method == "POST" else _get(request, form)


def _get(request: HttpRequest, form: Form) -> HttpResponse:
    if _looks_too_often(request, form):
        return _too_often(request, form)
    return _show(request, form, going.begin(form, request.GET, _fresh(request, form)))


def _post(request: HttpRequest, form: Form) -> HttpResponse:
    now = timezone.now()
    try:
        posted, attached = receiving.posted(request)
    except Unreadable as error:
        return _said(request, form, error.status_code, _("Not sent"), str(error.detail))
    if _looks_too_often(request, form):
        return _too_often(request, form)
    known = state.read(str(posted.get(going.STATE, "")), form, now)
    try:
        came = going.go(form, known, _fresh(request, form), posted, attached, now, lambda: _admit(request, form))
    except TooOften:
        return _too_often(request, form)
    if not isinstance(came, Done):
        return _show(request, form, came)
    if came.submission and came.submission.contact_id:
        arrivals.tell(request, Contact.objects.filter(pk=came.submission.contact_id).first(), now)
    return _finish(request, form, came)


def _admit(request: HttpRequest, form: Form) -> None:
    """Counts one sending. Raises `TooOften`."""
    limit = form.per_minute
    if visiting.seconds_to_wait(f"f:{form.pk}", request, limit, limit * TOGETHER, timezone.now()):
        raise TooOften


def _looks_too_often(request: HttpRequest, form: Form) -> bool:
    together = LOOKS_A_MINUTE * TOGETHER
    return bool(visiting.seconds_to_wait(f"fl:{form.pk}", request, LOOKS_A_MINUTE, together, timezone.now()))


def _fresh(request: HttpRequest, form: Form) -> state.State:
    """The state of somebody who comes now. Within a frame, the website's script tells its page and where from."""
    framed = "embed" in request.GET
    referrer = request.headers.get("Referer", "")
    return state.State(
        form=form.pk, begun=timezone.now().timestamp(), page=going.first_page(form),
        page_url=visiting.address(request.GET.get("page", "") or referrer) if framed
        else visiting.address(request.build_absolute_uri(request.path)),
        referrer=visiting.address(request.GET.get("referrer", "") if framed else referrer),
        utm=visiting.utm_of(request.GET),
    )  # fmt: skip


def _show(request: HttpRequest, form: Form, page: Page) -> HttpResponse:
    status = 422 if page.is_refused else 200
    if _wants_json(request):
        return JsonResponse({"done": False, **_told(page)}, status=status)
    return render(request, "capture/form.html", {**_around(request, form), "page": page}, status=status)


def _finish(request: HttpRequest, form: Form, done: Done) -> HttpResponse:
    said = (form.disqualified_text if done.disqualified else "") or form.thank_you
    said = said or _("Thank you. We have got your answers.")
    contact_id = done.submission.contact_id if done.submission else None
    goes_on = "" if done.disqualified and form.disqualified_text else form.redirect_url
    goes_on = visitors.handed_over(goes_on, contact_id, timezone.now())
    if _wants_json(request):
        return JsonResponse({"done": True, "text": said, "go_on": goes_on or None})
    context = {**_around(request, form), "said": said, "goes_on": goes_on}
    if contact_id is not None and context["is_framed"] and any(map(visitors.is_ours, form.allowed_origins)):
        context["visitor"] = visitors.token(contact_id, timezone.now())
    if goes_on and not context["is_framed"]:
        # Not by HttpResponseRedirect, which would encode what is encoded already.
        return HttpResponse(status=303, headers={"Location": goes_on})
    return render(request, "capture/form_done.html", context)


def _too_often(request: HttpRequest, form: Form) -> HttpResponse:
    told = _("That was too often within a minute. Wait a moment, go back, and send it again.")
    return _said(request, form, 429, _("Not sent yet"), told, {"Retry-After": "60"})


def _said(
    request: HttpRequest, form: Form | None, status: int, heading: str, told: str,
    headers: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """A page that says why there is no form, or why it was not taken."""
    if _wants_json(request):
        return JsonResponse({"done": False, "detail": told}, status=status, headers=headers)
    context = {**_around(request, form), "heading": heading, "told": told}
    response = render(request, "capture/form_said.html", context, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _around(request: HttpRequest, form: Form | None) -> dict[str, Any]:
    return {
        "form": form, "organisation": Organisation.get(), "is_framed": "embed" in request.GET, "trap": going.TRAP,
    }  # fmt: skip


def _told(page: Page) -> dict[str, Any]:
    """A page as scripts read it: what to ask, and the state to send back with the answers as `_state`."""
    return {
        "state": page.state.signed(), "page": page.number, "pages": page.count, "notice": page.notice,
        "errors": page.errors,
        "questions": [
            {
                "key": each.name, "label": each.field.label, "kind": each.kind, "required": each.field.required,
                "help": each.field.help_text, "choices": [choice["label"] for choice in each.field.choices],
            }
            for each in page.questions
        ],
    }  # fmt: skip


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _for_scripts(request: HttpRequest, form: Form | None, response: HttpResponse) -> HttpResponse:
    """Lets the scripts of the form's own websites read the answer; those of others cannot."""
    response["Vary"] = "Origin, Accept"
    origin = request.headers.get("Origin", "")
    if form is not None and origin and origin in form.allowed_origins:
        response["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = "GET, POST"
            response["Access-Control-Allow-Headers"] = "Content-Type, Accept"
    return response
