"""Outgoing endpoints: made with a secret that is shown once, and rotated without a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from triggers.models import OutgoingEndpoint
from triggers.outside import endpoints
from triggers.outside.signatures import check_secret

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
URL = "https://shop.example.com/hook"


def test_a_new_endpoint_has_a_secret_of_its_own() -> None:
    shop, secret = endpoints.create("My Shop", URL)
    other, another = endpoints.create("My Shop", URL, slug="second")

    check_secret(secret)
    assert (shop.slug, shop.active, other.slug, secret == another) == ("my-shop", True, "second", False)
    assert OutgoingEndpoint.objects.get(slug="my-shop").secrets(NOW) == [secret]


@pytest.mark.parametrize(
    ("name", "url", "field"), [("Shop", URL, "slug"), ("", URL, "name"), ("New", "http://shop.example.com/", "url")]
)
def test_what_is_wrong_is_refused_and_nothing_stored(name: str, url: str, field: str) -> None:
    endpoints.create("Shop", URL)

    with pytest.raises(ValidationError) as refusal:
        endpoints.create(name, url)

    assert field in refusal.value.message_dict
    assert OutgoingEndpoint.objects.count() == 1


def test_rotation_keeps_the_former_secret_for_a_day() -> None:
    shop, first = endpoints.create("Shop", URL)

    second = endpoints.rotate(shop, NOW)

    assert shop.secrets(NOW + timedelta(hours=23, minutes=59)) == [second, first]
    assert shop.secrets(NOW + timedelta(hours=24)) == [second]
    assert OutgoingEndpoint.objects.get().secret == second


def test_a_second_rotation_leaves_the_newest_two() -> None:
    shop, _first = endpoints.create("Shop", URL)
    stale = OutgoingEndpoint.objects.get()
    second = endpoints.rotate(shop, NOW)

    third = endpoints.rotate(stale, NOW + timedelta(hours=1))

    assert stale.secrets(NOW + timedelta(hours=2)) == [third, second]
