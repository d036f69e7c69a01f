"""What needs no session: `/learn/offer/<offer>/` to sign up, and `/certificate/<number>/` to check a certificate."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.public_forms import PersonForm
from courses import members, public
from courses.models import Certificate, Offer


@public.page
def offer_page(request: HttpRequest, key: str) -> HttpResponse:
    """What the offer holds, and signing up for it; 404 and 410 where it is not there or not open."""
    offer = Offer.objects.filter(key=key).first()
    if offer is None:
        told = _("The address was not copied in full, or the offer has been taken away.")
        return public.said(request, 404, _("There is no offer here"), told)
    if not offer.open:
        return public.said(request, 410, offer.title, _("Nobody can sign up for this by themselves right now."))
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _shown(request, offer, form)
    told = _("A link that signs you in is on its way to your mailbox. It works once, for a short while.")
    if request.POST.get(public.TRAP):
        return public.said(request, 200, _("Look into your mailbox"), told)
    if not form.is_valid():
        return _shown(request, offer, form, 422)
    given = form.cleaned_data
    try:
        contact = members.sign_up(offer, given["email"], given["name"], timezone.now())
    except ValidationError as error:
        form.add_error("email", error.messages)
        return _shown(request, offer, form, 422)
    if contact is None:
        form.add_error("email", _("Enter an e-mail address, such as anna@example.org."))
        return _shown(request, offer, form, 422)
    return public.said(request, 200, _("Look into your mailbox"), told)


@public.page
def certificate_page(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a certificate is valid, for whoever was given its link; a guessed address is like any other that is none."""
    certificate = Certificate.objects.filter(number=number).first()
    if certificate is None:
        raise Http404
    context = {
        "heading": certificate.title, "certificate": certificate, "standing": certificate.standing(timezone.now())
    }  # fmt: skip
    return public.shown(request, "courses/certificate.html", context)


def _shown(request: HttpRequest, offer: Offer, form: PersonForm, status: int = 200) -> HttpResponse:
    products = offer.products.filter(published=True).order_by("title")[:50]
    context = {"heading": offer.title, "offer": offer, "form": form, "products": products}
    return public.shown(request, "courses/offer.html", context, status)
