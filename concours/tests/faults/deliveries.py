"""Provider deliveries for a fleet's web processes: what they are about, made in the fleet's own processes."""

from collections import Counter
from typing import Any
from uuid import uuid4

from django.utils import timezone

from contacts.models import Contact
from conversations.models import Message
from providers import working
from providers.models import Connection, ProviderDelivery
from providers.tests.twilio.calling import connected
from providers.twilio.messages import gateway_key
from triggers import sweeping
from triggers.models import Event


def prepare(messages: int, per_minute: int = 100_000) -> str:
    """An account at Twilio and so many texts that it took from us: the path of its address."""
    connection = connected()
    Connection.objects.filter(pk=connection.pk).update(per_minute=per_minute)
    anna = Contact.objects.create(first_name="Anna", phone="+4930123456")
    Message.objects.bulk_create(
        Message(
            contact=anna, direction="out", channel="sms", key=uuid4(), status="sent", sent_at=timezone.now(),
            gateway=gateway_key(connection), provider_id=f"SM{n}", to_address=anna.phone,
        )
        for n in range(messages)
    )  # fmt: skip
    return f"/hooks/twilio/{connection.public_id}/"


def work() -> int:
    """Does what came in, as a worker does, until nothing is due; how many rows were taken."""
    done = 0
    while taken := working.go_on():
        done += taken
    return done


def finish() -> None:
    """Everything that is still due."""
    sweeping.drain()


def kept() -> dict[str, Any]:
    """What the database holds of it."""
    rows = ProviderDelivery.objects.values_list("status", "tries")
    return {
        "rows": len(rows),
        "tried once": sum(tries == 1 for _status, tries in rows),
        "open": sum(status not in ("done", "ignored") for status, _tries in rows),
        "states": dict(Counter(Message.objects.values_list("status", flat=True))),
        "failed": Event.objects.filter(type="sms.failed").count(),
    }
