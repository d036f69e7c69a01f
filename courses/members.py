"""Coming to the member area: links that are mailed and sign in once, and the sessions that follow.

No user of the staff's is involved: a signed link, good for a short while, says which contact it is. It works until it, or
a newer one, was used; signing out ends all sessions of the member.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from contacts import identity, leads, letters
from contacts.models import Contact
from courses import granting
from courses.events.course_signup import CourseSignup
from courses.locking import lock
from courses.models import Access, Enrolment, Member, Offer
from triggers import languages
from triggers.api.rates import wait_for_turn
from triggers.models import Organisation
from triggers.outbox import emit

LINK: Final = "courses.link"
SESSION: Final = "courses.session"
SESSION_AGE: Final = timedelta(days=30)
# One person's letters: so many in a quarter of an hour.
LETTERS: Final = 3
A_QUARTER: Final = 900


class NoLongerGood(Exception):
    """The link was ours; it is too old, or was used."""


def link(contact_id: int, number: int, now: datetime) -> str:
    """The address that signs the contact in; `number` is the member's, 0 for whoever never came."""
    token = Signer(salt=LINK).sign(f"{contact_id}-{number}-{int(now.timestamp())}")
    return f"{settings.PUBLIC_URL}/learn/in/{token}/"


def read(token: str, now: datetime) -> tuple[Contact, int] | None:
    """Whose link it is, and its number; None for what is none of ours. Raises NoLongerGood."""
    try:
        contact_id, number, made = map(int, Signer(salt=LINK).unsign(token).split("-"))
    except (BadSignature, ValueError):
        return None
    contact: Contact | None = Contact.objects.filter(pk=contact_id).select_related("course_member").first()
    if contact is None:
        return None
    minutes = (now.timestamp() - made) / 60
    if minutes > settings.CONCOURS_LOGIN_LINK_MINUTES or number != _link_number(contact):
        raise NoLongerGood
    return contact, number


@transaction.atomic
def sign_in(token: str, now: datetime) -> Member | None:
    """Uses up the link; the member. None for what is none of ours. Raises NoLongerGood, also for the slower of two."""
    found = read(token, now)
    if found is None:
        return None
    contact, number = found
    lock([contact.pk])
    member: Member = Member.objects.filter(contact=contact).first() or Member(contact=contact)
    if member.link_number != number:
        raise NoLongerGood
    member.link_number += 1
    member.logins += 1
    member.last_login_at = now
    member.save()
    return member


def sign_out(member: Member) -> None:
    """Ends the member's sessions, on every device."""
    Member.objects.filter(pk=member.pk).update(session_number=F("session_number") + 1)


def session(member: Member, now: datetime) -> str:
    """What the cookie of a session holds."""
    return Signer(salt=SESSION).sign(f"{member.pk}-{member.session_number}-{int(now.timestamp())}")


def of_session(value: str, now: datetime) -> Member | None:
    """The member whose session it is; None where it is forged, over or ended."""
    try:
        pk, number, begun = map(int, Signer(salt=SESSION).unsign(value).split("-"))
    except (BadSignature, ValueError):
        return None
    if now.timestamp() - begun > SESSION_AGE.total_seconds():
        return None
    rows = Member.objects.filter(pk=pk, session_number=number).select_related("contact")
    found: Member | None = rows.first()
    return found


def ask_for_link(email: str, now: datetime) -> None:
    """Mails a link to whoever learns here under this address; to others nothing, and nobody is told which."""
    contact = of_email(email)
    if contact is not None and _learns_here(contact):
        mail_link(contact, now)


def of_email(email: str) -> Contact | None:
    """The contact with this address; None also for what is no address."""
    try:
        return identity.find({"email": email})
    except ValidationError:
        return None


def mail_link(contact: Contact, now: datetime) -> None:
    """Mails the contact a link to sign in; no more of them than a person asks for."""
    if wait_for_turn(f"learn:{contact.pk}", LETTERS, A_QUARTER, now.timestamp()):
        return
    words = {
        "name": contact.name, "organisation": Organisation.get().name, "link": link(contact.pk, _link_number(contact), now),
        "n": settings.CONCOURS_LOGIN_LINK_MINUTES,
    }  # fmt: skip
    with languages.of_mail_to(contact.language):
        subject = _("Your courses at %(organisation)s") % words
        text = _(
            "Good day %(name)s,\n\nwith this link you are signed in to your courses:\n\n%(link)s\n\n"
            "It works once, within %(n)d minutes. If you did not ask for it, leave it alone."
        )
        letters.send(contact, subject, text % words, now)


@transaction.atomic
def sign_up(offer: Offer, email: str, name: str, now: datetime) -> Contact | None:
    """Somebody signs up for an open offer: a contact, its access, and the link to sign in.

    Whoever has or had the offer already gets the link alone: a time that is over is not prolonged by oneself.
    """
    first = {**leads.names_in(name), "source": "course"}
    settled = leads.settle({"email": email}, ("email",), first=first)
    contact = settled.contact
    if contact is None:
        return None
    if not Access.objects.filter(contact=contact, offer=offer).exists():
        emit(CourseSignup(contact_id=contact.pk, offer_id=offer.pk, offer=offer.title, is_new=settled.made))
        with languages.organisations():
            granting.grant(contact, offer, _("Signed up"), now)
    mail_link(contact, now)
    return contact


def _learns_here(contact: Contact) -> bool:
    return any(model.objects.filter(contact=contact).exists() for model in (Access, Enrolment))


def _link_number(contact: Contact) -> int:
    member = getattr(contact, "course_member", None)
    return member.link_number if member is not None else 0
