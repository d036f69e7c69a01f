"""`page.viewed`: which websites, pages and campaigns start a workflow."""

from uuid import uuid4

import pytest
from django.utils import timezone

from capture import pages, visitors
from capture.events.page_viewed import PageViewed, Which
from capture.models import Site
from capture.pages import Report
from contacts.tests import make as contacts
from triggers import registry, services, sweeping
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events["page.viewed"] is PageViewed
    assert (str(PageViewed.label), PageViewed.section) == ("Page viewed", "Event Triggers")


def test_it_is_narrowed_by_site_path_and_campaign() -> None:
    assert PageViewed.narrow(Which()) is None
    assert PageViewed.narrow(Which(path="/a*")) == {"field": "event.path", "op": "starts_with", "value": "/a"}
    assert PageViewed.narrow(Which(sites=[1], path="/a", utm_source="tv", utm_term="x")) == {
        "all": [
            {"field": "event.site_id", "op": "is_any_of", "value": [1]},
            {"field": "event.path", "op": "is", "value": "/a"},
            {"field": "event.utm.utm_source", "op": "is", "value": "tv"},
            {"field": "event.utm.utm_term", "op": "is", "value": "x"},
        ]
    }


def test_workflows_start_for_their_pages() -> None:
    site = Site.objects.create(name="Shop", allowed_origins=["https://www.example.com"])
    anna = contacts.contact(first_name="Anna")
    wait = {"uid": "a1", "action": "wait.duration", "config": {"days": 1}}
    for name, config in {
        "exact": {"path": "/prices"}, "below": {"path": "/prices*", "utm_source": "TV"}, "other": {"path": "/blog"},
        "elsewhere": {"utm_source": "radio"},
    }.items():  # fmt: skip
        trigger = {"uid": "t1", "event": "page.viewed", "config": config, "conditions": None}
        services.publish(services.create(name, {"triggers": [trigger], "actions": [wait], "settings": {}}))
    now = timezone.now()

    for path in ("/prices", "/prices/big"):
        url = f"https://www.example.com{path}?utm_source=tv"
        report = Report(site="shop", view=uuid4(), url=url, visitor=visitors.token(anna.pk, now))
        pages.take_in(site, report, now)
    sweeping.drain()

    assert sorted(Run.objects.values_list("workflow__name", flat=True)) == ["below", "below", "exact"]
