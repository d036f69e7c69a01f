"""What staff do with outgoing webhooks: make one, change its secret."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from triggers.models.endpoint import OutgoingEndpoint
from triggers.outside import signatures

# How long the former secret signs too, so that the receiver can change over.
OVERLAP: Final = timedelta(hours=24)


def create(name: str, url: str, slug: str = "") -> tuple[OutgoingEndpoint, str]:
    """A new endpoint and its secret, to be shown this once. Raises ValidationError; nothing is stored then."""
    secret = signatures.new_secret()
    endpoint = OutgoingEndpoint(name=name, slug=slug or slugify(name), url=url, secret=secret)
    endpoint.full_clean()
    endpoint.save(force_insert=True)
    return endpoint, secret


@transaction.atomic
def rotate(endpoint: OutgoingEndpoint, now: datetime) -> str:
    """The endpoint's new secret, to be shown this once; the one before signs too for another day."""
    row = OutgoingEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    row.previous_secret, row.previous_secret_until = row.secret, now + OVERLAP
    row.secret = secret = signatures.new_secret()
    row.save(update_fields=["secret", "previous_secret", "previous_secret_until", "updated_at"])
    endpoint.refresh_from_db()
    return secret
