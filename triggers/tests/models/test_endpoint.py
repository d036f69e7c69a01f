"""OutgoingEndpoint: which secrets sign when, which URLs it takes, and what the database holds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from triggers.models import OutgoingEndpoint

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "secrets"),
    [
        (None, ["new"]),
        (NOW + timedelta(microseconds=1), ["new", "old"]),
        (NOW, ["new"]),
        (NOW - timedelta(days=1), ["new"]),
    ],
)
def test_the_previous_secret_signs_until_its_time(until: datetime | None, secrets: list[str]) -> None:
    endpoint = OutgoingEndpoint(secret="new", previous_secret="old", previous_secret_until=until)

    assert endpoint.secrets(NOW) == secrets


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://10.0.0.1/", "https://me@example.com/", "example.com", ""]
)
@pytest.mark.django_db
def test_a_url_that_would_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        OutgoingEndpoint(name="Shop", slug="shop", url=url, secret="x").full_clean()

    assert list(refusal.value.message_dict) == ["url"]


@pytest.mark.django_db
def test_the_database_holds_no_secret() -> None:
    endpoint = OutgoingEndpoint.objects.create(
        name="Shop", slug="shop", url="https://example.com/", secret="first secret", previous_secret="second secret"
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM triggers_outgoingendpoint")
        stored = cursor.fetchone()
    assert all(value.startswith("fernet:") for value in stored)
    assert OutgoingEndpoint.objects.get() == endpoint
    assert OutgoingEndpoint.objects.get().secret == "first secret"
    assert str(endpoint) == "Shop"
