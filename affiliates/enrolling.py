"""Making somebody an affiliate, and enrolling them in campaigns. Each happens once, however many try at a time."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from affiliates.models import Affiliate, Campaign, Enrolment
from contacts import leads
from contacts.models import Contact
from triggers.context import act_as


def make(contact: Contact, *, status: str = Affiliate.Status.ACTIVE, code: str = "") -> tuple[Affiliate, bool]:
    """The contact as an affiliate, and whether that is new; who is one already stays as they are.

    Raises ValidationError at `code` for one that is taken, or no code.
    """
    known: Affiliate | None = Affiliate.objects.filter(contact=contact).first()
    if known is not None:
        return known, False
    made = Affiliate(contact=contact, status=status, **({"code": code} if code else {}))
    made.full_clean(exclude=["contact"])
    try:
        # Two at once: the unique row decides.
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        known = Affiliate.objects.filter(contact=contact).first()
        if known is None:
            raise ValidationError({"code": _("Somebody else has this code. Choose another.")}) from None
        return known, False
    return made, True


def enrol(affiliate: Affiliate, campaign: Campaign) -> tuple[Enrolment, bool]:
    """The affiliate's enrolment in the campaign, and whether it is new."""
    mine = Enrolment.objects.filter(affiliate=affiliate, campaign=campaign).select_related("affiliate", "campaign")
    known = mine.first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return Enrolment.objects.create(affiliate=affiliate, campaign=campaign), True
    except IntegrityError:
        return mine.get(), False


@transaction.atomic
def sign_up(campaign: Campaign, name: str, email: str) -> Enrolment:
    """Somebody signs up on a campaign's page: found or made by the e-mail, an affiliate who waits for approval.

    Raises ValidationError for a closed campaign, and at `email` for an address that no contact can have.
    """
    if not campaign.open:
        raise ValidationError(_("%(campaign)s takes nobody in at present.") % {"campaign": campaign})
    # Whoever is signed in at this browser is not who acts: the visitor is.
    with act_as(actor="system", actor_id="", origin=f"sign-up for {campaign}"[:120]):
        given = {"email": email, **leads.names_in(name)}
        contact, problems = leads.find_or_make(given, ("email",), first={"source": campaign.name})
        refused = [each.message for each in problems if each.path == ("email",)]
        if contact is None or refused:
            raise ValidationError({"email": refused or [_("Enter your e-mail address.")]})
        affiliate, _is_new = make(contact, status=Affiliate.Status.PENDING)
        enrolment, _is_new = enrol(affiliate, campaign)
    return enrolment
