"""What came in about people: requests of webhooks, and the samples that mappings are made from."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from capture.models import InboundRequest, InboundWebhook
from triggers import holdings, privacy
from triggers.privacy import Blank, Holding, Person

BLANK = Blank({"query": "", "headers": {}, "body": b"", "digest": "", "error": "", "problems": []})
TOLD = ("received_at", "webhook", "method", "query", "headers", "body")


def register() -> None:
    privacy.register(
        Holding(
            "inbound requests", "capture.InboundRequest",
            lambda who: InboundRequest.objects.filter(contact_id__in=who.ids), BLANK, told=TOLD,
        ),
        # Without a mapping, nothing but what stands in it says whom a request is about.
        Holding(
            "inbound requests by address", "capture.InboundRequest",
            lambda _who: InboundRequest.objects.filter(contact_id=None).exclude(body=b"", query=""), BLANK, told=TOLD,
            turn=privacy.BEFORE, picks=_names, then=_blank_events, label=_("inbound requests that name the person"),
        ),
        Holding(
            "samples", "capture.InboundWebhook", lambda _who: InboundWebhook.objects.exclude(sample=None),
            Blank({"sample": None, "sampled_at": None}), turn=privacy.BEFORE, picks=_sample_names,
        ),
    )  # fmt: skip


def _names(request: InboundRequest, who: Person) -> bool:
    return who.is_named_in(bytes(request.body)) or who.is_named_in(request.query)


def _sample_names(webhook: InboundWebhook, who: Person) -> bool:
    return who.is_named_in(json.dumps(webhook.sample, ensure_ascii=False))


def _blank_events(keys: list[Any]) -> None:
    found = InboundRequest.objects.filter(pk__in=keys).values_list("event_id", flat=True)
    holdings.blank_events([event_id for event_id in found if event_id is not None])
