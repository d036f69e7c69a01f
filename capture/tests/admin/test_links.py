"""Trigger links in the admin: what to write into messages, how often they were followed, where they may lead."""

import re

import pytest
from django.utils import timezone

from capture import links
from capture.models import TriggerLink
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/capture/triggerlink/"


def test_a_link_gets_a_key_and_tells_how_to_use_it() -> None:
    client = visit.boss()

    client.post(f"{LIST}add/", {"name": "Spring offer!", "destination": "https://www.example.com/a", "active": "on"})

    link = TriggerLink.objects.get()
    page = client.get(f"{LIST}{link.pk}/change/").content.decode()
    assert link.key == "spring_offer"
    assert "<code>{{ links.spring_offer }}</code>" in page
    assert "/l/spring_offer/" in page
    client.post(f"{LIST}{link.pk}/change/", {"name": "Other", "destination": "https://a.example", "key": "stolen"})
    link.refresh_from_db()
    assert (link.name, link.key, link.active) == ("Other", "spring_offer", False)


@pytest.mark.parametrize("destination", ["javascript:alert(1)", "/offer", "https://"])
def test_a_link_leads_only_to_whole_addresses(destination: str) -> None:
    answer = visit.boss().post(f"{LIST}add/", {"name": "A", "destination": destination, "active": "on"})

    assert "Enter a whole address, such as https://www.example.com/offer." in answer.content.decode()
    assert not TriggerLink.objects.exists()


def test_the_list_counts_clicks_and_contacts() -> None:
    link = TriggerLink.objects.create(name="A", destination="https://www.example.com")
    anna = contacts.contact(first_name="Anna")
    for who, mark in ((anna.pk, ""), (None, "m"), (None, "n")):
        links.click(links.Followed(link, who), mark, timezone.now())

    page = visit.boss().get(LIST).content.decode()

    assert re.findall(r"field-(followed|people)[^>]*>([^<]+)<", page) == [("followed", "3"), ("people", "1")]
