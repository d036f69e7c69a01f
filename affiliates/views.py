"""The public pages of affiliates: `/r/<code>/` leads on, `/affiliates/<campaign>/` signs up, `/affiliate/<token>/` tells
an affiliate how they stand.
"""

import logging
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from affiliates import enrolling, links, portal, visits
from affiliates.models import Campaign
from contacts.public import Pages
from contacts.public_forms import EmailForm, PersonForm
from triggers import visiting
from triggers.models import Organisation

pages = Pages("affiliate", "affiliates/said.html")
# From one internet address: what goes beyond leads on and is not counted.
FOLLOWS_A_MINUTE: Final = 60
TOGETHER: Final = 100
# The field that no person sees: only programs fill it in.
TRAP: Final = "website"
logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def follow(request: HttpRequest, code: str, campaign: str = "") -> HttpResponse:
    """302 to where the campaign's links lead, and nowhere else; 404 with a word where there is no such link.

    HEAD, programs and whoever asks not to be tracked are led on and leave no trace.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    enrolment, now = visits.enrolment_of(code, campaign), timezone.now()
    if enrolment is None:
        told = _("It was not copied in full, or the link has been taken away. Look for it again where you found it.")
        response = pages.said(request, 404, _("This link leads nowhere"), told)
    else:
        response = HttpResponse(status=302)
        # Not by HttpResponseRedirect, which would encode what is encoded already.
        response["Location"] = enrolment.destination
        if enrolment.affiliate.is_active and _counts(request):
            try:
                visits.click(enrolment, request, now)
            except DatabaseError:
                # The visitor gets where the link leads, whatever happens here.
                logger.exception("a click on the link of enrolment %s was not stored", enrolment.pk)
            visits.remember(request, response, enrolment, now)
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _counts(request: HttpRequest) -> bool:
    if visiting.is_program(request) or visiting.wants_no_tracking(request):
        return False
    return not visiting.seconds_to_wait(
        "r", request, FOLLOWS_A_MINUTE, FOLLOWS_A_MINUTE * TOGETHER, timezone.now()
    )  # fmt: skip


@pages.page
def sign_up_page(request: HttpRequest, key: str) -> HttpResponse:
    """Where somebody becomes an affiliate. It answers the same whether we know the address or not."""
    campaign = Campaign.objects.filter(key=key).first()
    if campaign is None:
        told = _("The address was not copied in full, or the campaign has been taken away.")
        return pages.said(request, 404, _("There is no campaign here"), told)
    if not campaign.open:
        return pages.said(request, 410, campaign.name, _("Nobody can sign up here any more."))
    if request.method != "POST":
        return _form(request, campaign, PersonForm())
    form = PersonForm(request.POST)
    if request.POST.get(TRAP):
        return _thanks(request)
    if not form.is_valid():
        return _form(request, campaign, form, 422)
    try:
        enrolling.sign_up(campaign, form.cleaned_data["name"], form.cleaned_data["email"])
    except ValidationError as error:
        form.add_error(None, error)
        return _form(request, campaign, form, 422)
    return _thanks(request)


@pages.page
def ask_page(request: HttpRequest) -> HttpResponse:
    """Mails an affiliate a link to their page. It answers the same whether we know the address or not."""
    if request.method != "POST":
        return _ask(request, EmailForm())
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    if not request.POST.get(TRAP):
        portal.send_link(form.cleaned_data["email"], timezone.now())
    told = _("If an affiliate has this address, a link to their page is on its way.")
    return pages.said(request, 200, _("Look into your mail"), told)


@pages.page
def portal_page(request: HttpRequest, token: str) -> HttpResponse:
    """An affiliate's own page; 404 for a link that is none of ours, 410 for one that has run out."""
    now = timezone.now()
    affiliate, has_run_out = links.affiliate_of(token, now)
    if affiliate is None:
        told = _("The address was not copied in full, or the page has been taken away.")
        return pages.said(request, 404, _("There is nothing here"), told)
    if has_run_out:
        return _ask(request, EmailForm(), _("This link was good for fourteen days. Ask for a new one."), 410)
    with timezone.override(Organisation.get().zone):
        return pages.shown(request, "affiliates/portal.html", portal.shown(affiliate))


def _form(request: HttpRequest, campaign: Campaign, form: PersonForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"campaign": campaign, "heading": campaign.name, "form": form, "trap": TRAP}
    return pages.shown(request, "affiliates/sign_up.html", context, status)


def _ask(request: HttpRequest, form: EmailForm, notice: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"heading": _("Your recommendations"), "form": form, "trap": TRAP, "notice": notice}
    return pages.shown(request, "affiliates/ask.html", context, status)


def _thanks(request: HttpRequest) -> HttpResponse:
    told = _("Thank you. We look at it, and write to you with your link.")
    return pages.said(request, 200, _("You are signed up"), told)
