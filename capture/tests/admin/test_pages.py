"""Websites in the admin: their addresses, the line to copy, and what was looked at there."""

from uuid import uuid4

import pytest

from capture.models import PageView, Site, VideoWatch
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/capture/site/"


def test_a_website_gets_a_key_and_shows_the_line_to_copy() -> None:
    client = visit.boss()

    client.post(f"{LIST}add/", {"name": "Our shop", "active": "on", "allowed_origins": "https://shop.example/a\n"})

    site = Site.objects.get()
    assert (site.key, site.allowed_origins) == ("our-shop", ["https://shop.example"])
    page = client.get(f"{LIST}{site.pk}/change/").content.decode()
    assert "capture/beacon.js&quot; data-site=&quot;our-shop&quot; async" in page


@pytest.mark.parametrize("origins", ["", "shop.example", "https://*.example"])
def test_a_website_without_an_address_is_none(origins: str) -> None:
    answer = visit.boss().post(f"{LIST}add/", {"name": "A", "active": "on", "allowed_origins": origins})

    assert answer.status_code == 200
    assert not Site.objects.exists()


def test_views_are_shown_as_text_and_never_written() -> None:
    site = Site.objects.create(name="Shop", allowed_origins=["https://shop.example"])
    anna = contacts.contact(first_name="Anna")
    evil = "/<script>alert(1)</script>"
    view = PageView.objects.create(site=site, uid=uuid4(), url=f"https://shop.example{evil}", path=evil,
                                   contact_id=anna.pk)  # fmt: skip
    VideoWatch.objects.create(site=site, view=uuid4(), video=evil, percent=50, url=view.url)
    client = visit.boss()

    pages = [client.get(f"/admin/capture/{name}/").content.decode() for name in ("pageview", "videowatch")]
    pages.append(client.get(f"/admin/capture/pageview/{view.pk}/change/").content.decode())

    assert [evil in page for page in pages] == [False] * 3
    assert "Anna" in pages[0]
    assert "Not known" in pages[1]
    assert client.get("/admin/capture/pageview/add/").status_code == 403
