"""`/learn/`: signing in by a mailed link, and the courses of whoever is signed in.

A link shows a button and changes nothing by itself, since mail scanners follow links.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import granting, members, public, standing
from courses.models import Certificate, Enrolment, Member, Product
from triggers import languages


@public.page
def learn(request: HttpRequest) -> HttpResponse:
    """My courses; for whoever is not signed in, where to ask for a link. The answer is the same for every address."""
    if request.method == "POST":
        return _asked(request)
    member = public.member_of(request)
    if member is None:
        return _ask(request)
    with languages.of_reader(member.contact.language):
        return _mine(request, member)


@public.page
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """What a mailed link opens: a button, which signs in. 404 for no link of ours, 410 for one that is over."""
    now, member = timezone.now(), public.member_of(request)
    try:
        if request.method == "POST":
            came = members.sign_in(token, now)
            if came is not None:
                return public.remember(redirect("courses:learn"), came)
        else:
            found = members.read(token, now)
            if found is not None:
                with languages.of_reader(found[0].language):
                    return public.shown(
                        request, "courses/enter.html", {"contact": found[0], "heading": _("Your courses")}
                    )
    except members.NoLongerGood:
        if member is not None:
            return redirect("courses:learn")
        told = _("The link was used already, or is too old. We mail you a new one.")
        return _ask(request, told, 410)
    told = _("The address was not copied in full. Ask for a new link.")
    return _ask(request, told, 404)


@public.page
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the member's sessions on every device."""
    member = public.member_of(request)
    if request.method != "POST":
        return redirect("courses:learn")
    if member is not None:
        members.sign_out(member)
    response = public.said(request, 200, _("Signed out"), _("You are signed out, on every device."))
    response.delete_cookie(public.COOKIE, path=public.PATH, samesite="Lax")
    return response


def _ask(
    request: HttpRequest, told: str = "", status: int = 200, error: str = "", email: str = ""
) -> HttpResponse:  # fmt: skip
    context = {
        "heading": _("Sign in"), "told": told or _("Enter your e-mail address. We mail you a link that signs you in."),
        "error": error, "email": email,
    }  # fmt: skip
    return public.shown(request, "courses/sign_in.html", context, status)


def _asked(request: HttpRequest) -> HttpResponse:
    email = request.POST.get("email", "").strip()[:254]
    try:
        validate_email(email)
    except ValidationError:
        return _ask(request, status=422, error=_("Enter an e-mail address, such as anna@example.org."), email=email)
    if not request.POST.get(public.TRAP):
        members.ask_for_link(email, timezone.now())
    told = _("If somebody learns here under this address, a link is on its way to it. It works for a short while.")
    return public.said(request, 200, _("Look into your mailbox"), told)


def _mine(request: HttpRequest, member: Member) -> HttpResponse:
    now = timezone.now()
    open_now = Product.objects.filter(pk__in=granting.open_to(member.contact_id, now), published=True).order_by(
        "title", "pk"
    )
    enrolments = {row.product_id: row for row in Enrolment.objects.filter(contact=member.contact_id)}
    stands = standing.standings([row.pk for row in enrolments.values()])
    courses = [
        (each, stands[enrolments[each.pk].pk] if each.pk in enrolments else standing.Standing())
        for each in open_now[:200]
    ]
    certificates = Certificate.objects.filter(contact=member.contact_id).order_by("-issued_at")[:100]
    context = {
        "heading": _("My courses"), "member": member, "courses": courses,
        "certificates": [(each, each.standing(now)) for each in certificates],
    }  # fmt: skip
    return public.shown(request, "courses/mine.html", context)
