"""What providers told about people."""

import json

from django.utils.translation import gettext_lazy as _

from providers.models import ProviderDelivery
from triggers import privacy
from triggers.privacy import Blank, Holding, Person

BLANK = Blank({"data": {}, "body": None, "digest": "", "error": "", "problems": []})
TOLD = ("received_at", "connection", "kind", "data")


def register() -> None:
    privacy.register(
        Holding(
            "provider deliveries", "providers.ProviderDelivery",
            lambda who: ProviderDelivery.objects.filter(contact_id__in=who.ids), BLANK, told=TOLD,
        ),
        # What was not acted on belongs to no contact: only what stands in it says whom it is about.
        Holding(
            "provider deliveries by address", "providers.ProviderDelivery",
            lambda _who: ProviderDelivery.objects.filter(contact_id=None).exclude(data={}, body=None), BLANK,
            told=TOLD, turn=privacy.BEFORE, picks=_names, label=_("deliveries of providers that name the person"),
        ),
    )  # fmt: skip


def _names(delivery: ProviderDelivery, who: Person) -> bool:
    told = json.dumps(delivery.data, ensure_ascii=False)
    return who.is_named_in(told) or who.is_named_in(bytes(delivery.body or b""))
