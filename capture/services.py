"""What staff do with inbound webhooks: make one, change its token or secret without an outage, take a sample."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from capture.models import InboundRequest, InboundWebhook
from capture.suggesting import suggest_mapping

__all__ = [
    "address", "adopt_suggestion", "by_token", "create", "digest_of", "give_token", "keep_previous_secret",
    "purge", "rotate", "start_capture", "suggest_mapping", "valid_secrets",
]  # fmt: skip

# How long the previous token or secret works beside the new one.
OVERLAP: Final = timedelta(hours=24)
# Longer than any provider's retries (reliability, R17).
KEEP: Final = timedelta(days=30)
CHUNK: Final = 2000


def create(name: str, *, owner: Any = None, **fields: Any) -> tuple[InboundWebhook, str]:
    """A new webhook and its plain token, which is told nowhere else and never again.

    `fields` are the model's. Raises ValidationError by field.
    """
    webhook = InboundWebhook(name=name, owner=owner, **fields)
    token = give_token(webhook)
    webhook.full_clean()
    webhook.save()
    return webhook, token


@transaction.atomic
def rotate(webhook: InboundWebhook, now: datetime | None = None) -> str:
    """Gives the webhook a new token and returns it; the one before works for 24 h more, older ones do not."""
    webhook.refresh_from_db(from_queryset=InboundWebhook.objects.select_for_update())
    webhook.previous_digest = webhook.token_digest
    webhook.previous_until = (now or timezone.now()) + OVERLAP
    token = give_token(webhook)
    webhook.save(update_fields=["token_digest", "token_last4", "previous_digest", "previous_until", "updated_at"])
    return token


def keep_previous_secret(webhook: InboundWebhook, now: datetime | None = None) -> None:
    """Called before a webhook with another secret is saved: what the stored one signed is taken for 24 h more."""
    stored = InboundWebhook.objects.get(pk=webhook.pk)
    # Unopened, so that a secret whose key is lost can be replaced.
    webhook.previous_secret = InboundWebhook._meta.get_field("secret").value_from_object(stored)
    webhook.previous_secret_until = (now or timezone.now()) + OVERLAP


def valid_secrets(webhook: InboundWebhook, now: datetime) -> list[str]:
    """The secrets a signature may be made with now. Raises `SecretUnreadable`."""
    until = webhook.previous_secret_until
    known = [webhook.secret, webhook.previous_secret if until is not None and now < until else ""]
    return [secret for secret in known if secret]


def by_token(token: str, now: datetime) -> InboundWebhook | None:
    """The webhook that this plain token opens now."""
    digest = digest_of(token)
    previous = Q(previous_digest=digest, previous_until__gt=now)
    return InboundWebhook.objects.filter(Q(token_digest=digest) | previous).first()


def address(token: str) -> str:
    """The whole address to send to."""
    return settings.PUBLIC_URL + reverse("capture:receive", args=[token])


def start_capture(webhook: InboundWebhook) -> None:
    """The next request is kept as the sample; it is taken in as well."""
    webhook.capturing = True
    webhook.save(update_fields=["capturing", "updated_at"])


def adopt_suggestion(webhook: InboundWebhook) -> list[str]:
    """Maps, as suggested for the sample, the fields that are not mapped yet; which these are."""
    suggested = suggest_mapping(webhook.sample or {})
    added = [field for field in suggested if field not in webhook.mapping]
    webhook.mapping = {**webhook.mapping, **{field: suggested[field] for field in added}}
    webhook.save(update_fields=["mapping", "updated_at"])
    return added


def purge(now: datetime | None = None) -> int:
    """Deletes requests older than 30 days, in chunks; how many."""
    old = InboundRequest.objects.filter(received_at__lt=(now or timezone.now()) - KEEP)
    total = 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        InboundRequest.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def give_token(webhook: InboundWebhook) -> str:
    """Sets a new token, unsaved, and returns it in plain: 24 random bytes."""
    token = secrets.token_urlsafe(24)
    webhook.token_digest, webhook.token_last4 = digest_of(token), token[-4:]
    return token
