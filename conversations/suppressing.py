"""Addresses nobody may write to; of people who were forgotten only as a digest that cannot be read back."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from conversations.addresses import normalised
from conversations.models import Message, Suppression
from triggers.privacy import Person

# Begins every digest, so that it is told from an address.
MARK: Final = "#"
SALT: Final = "conversations.suppression"
# Channels on which a number may be closed by itself.
BY_NUMBER: Final = ("sms", "whatsapp")


def find(address: str, channel: str = "") -> Suppression | None:
    """The oldest reason why nobody may write to this address or number; None where there is none.

    A number may be closed for one channel alone: who answers STOP to a text message has not closed WhatsApp.
    """
    plain = normalised(address)
    forms = [plain, on_channel(channel, plain)] if channel else [plain]
    closed = [each for form in forms for each in (form, *_digests(form))]
    return Suppression.objects.filter(address__in=closed).order_by("pk").first()


def on_channel(channel: str, address: str) -> str:
    """The form under which an address is closed for one channel: sms:+4930123456."""
    return f"{channel}:{normalised(address)}"


def close(address: str, reason: str, now: datetime) -> bool:
    """Nobody may write to the address from now on; whether that is news for this reason."""
    plain = normalised(address)
    if not plain:
        return False
    return Suppression.objects.get_or_create(address=plain, reason=reason, defaults={"at": now})[1]


def digest(address: str) -> str:
    """The keyed digest that stands for an address in its normalised form."""
    return _digest(normalised(address), settings.SECRET_KEY)


def forget(who: Person, now: datetime) -> None:
    """Keeps the person's addresses suppressed for good, without keeping them: each as its digest."""
    written_to = Message.objects.filter(contact__in=who.ids).exclude(to_address="").values_list("to_address", flat=True)
    own = {normalised(address) for address in (*who.emails, *who.phones)}
    plain = own | {normalised(address) for address in written_to.distinct()}
    plain |= {on_channel(channel, address) for channel in BY_NUMBER for address in plain}
    kept = Suppression.objects.filter(address__in=plain)
    for row in kept:
        Suppression.objects.get_or_create(address=digest(row.address), reason=row.reason, defaults={"at": row.at})
    kept.delete()
    restore(marks(who), now)


def marks(who: Person) -> list[str]:
    """The digests of a person's own addresses."""
    return [digest(address) for address in sorted({normalised(text) for text in (*who.emails, *who.phones)})]


def restore(digests: list[str], at: datetime) -> None:
    """Keeps these suppressed, for people who were forgotten."""
    for each in digests:
        if each.startswith(MARK):
            Suppression.objects.get_or_create(address=each, reason=Suppression.Reason.FORGOTTEN, defaults={"at": at})


def _digests(plain: str) -> list[str]:
    """As the present key makes it, and as former ones did: a new SECRET_KEY must not let mail through."""
    return [_digest(plain, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(plain: str, key: str) -> str:
    return MARK + salted_hmac(SALT, plain, secret=key, algorithm="sha256").hexdigest()
