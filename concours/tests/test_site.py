"""The frame around every page of the admin."""

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import formats, timezone

from concours.site import ConcoursSite
from triggers.models import Organisation
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def test_the_admin_is_ours() -> None:
    assert isinstance(admin.site, ConcoursSite)


def test_every_page_names_product_and_organisation_and_has_one_heading() -> None:
    Organisation.objects.create(name="Brandt Küchen")
    client = visit.boss()

    for address in ("/admin/", "/admin/contacts/contact/", "/admin/contacts/contact/add/", "/admin/triggers/explain/"):
        page = client.get(address).content.decode()
        assert "Brandt Küchen" in page
        assert page.count("<h1") == 1, address


def test_signing_in_shows_the_product_and_no_navigation() -> None:
    page = Client().get("/admin/login/").content.decode()

    assert "Concours" in page
    assert 'id="nav"' not in page
    assert "concours/css/tokens.css" in page


def test_english_dates_are_written_day_first() -> None:
    client = visit.boss()
    client.post("/admin/contacts/tag/add/", {"name": "VIP"})

    said = visit.text(client, "/admin/contacts/tag/")

    assert formats.date_format(timezone.now(), "j F Y") in said
