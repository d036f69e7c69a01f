"""Staff read times in the organisation's zone; machines keep speaking UTC."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from concours.local_time import OrganisationTimeMiddleware
from triggers.models import Organisation

pytestmark = pytest.mark.django_db


def zone_at(address: str) -> str:
    seen = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    OrganisationTimeMiddleware(view)(RequestFactory().get(address))
    return seen[0]


def test_the_admin_is_in_the_organisations_zone_and_nothing_else_is() -> None:
    Organisation.objects.create(time_zone="Europe/Berlin")

    assert zone_at("/admin/contacts/contact/") == "Europe/Berlin"
    assert zone_at("/api/v1/contacts/") == "UTC"
    assert timezone.get_current_timezone_name() == "UTC"


def test_without_an_organisation_it_is_the_installations() -> None:
    assert zone_at("/admin/") == "UTC"
