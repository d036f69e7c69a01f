"""What is captured of a person goes when the person is forgotten, and moves when two become one."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from capture import links, pages, visitors
from capture.models import LinkClick, PageView, Site, Submission, SubmissionFile, TriggerLink, VideoWatch
from capture.pages import Report
from capture.tests import make
from contacts.dedupe import merging
from contacts.models import Contact
from contacts.privacy.forgetting import forget
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db


def captured() -> Contact:
    """A contact who sent a form with a file, followed a link, looked at a page and watched a video."""
    form = make.form("Apply", {"label": "E-mail", "key": "email", "kind": "email", "maps_to": "email"},
                     {"label": "Papers", "kind": "file"})  # fmt: skip
    paper = io.BytesIO(b"x")
    paper.name = "paper.txt"
    make.send(form, {"email": "anna@example.org", "papers": paper})
    anna = Contact.objects.get()
    now = timezone.now()
    link = TriggerLink.objects.create(name="A", destination="https://shop.example")
    links.click(links.Followed(link, anna.pk), "", now)
    site = Site.objects.create(name="Shop", allowed_origins=["https://shop.example"])
    for more in ({}, {"video": "Tour", "percent": 50}):
        given = visitors.token(anna.pk, now)
        report = Report(site="shop", view=uuid4(), url="https://shop.example/a", visitor=given, **more)
        pages.take_in(site, report, now)
    return anna


def test_a_forgotten_person_leaves_nothing(django_capture_on_commit_callbacks: Any) -> None:
    anna = captured()
    # Held back as spam, so that no contact's number stands with it.
    form = make.form("Other", {"label": "E-mail", "key": "email", "kind": "email", "maps_to": "email"})
    make.send(form, {"email": "Anna@example.org", "website_": "x"})
    stored = Path(SubmissionFile.objects.get().file.path)

    with django_capture_on_commit_callbacks(execute=True):
        forget(anna)

    for model in (Submission, SubmissionFile, LinkClick, PageView, VideoWatch):
        assert model.objects.count() == 0, model
    assert not stored.exists()
    kinds = ("form.submitted", "link.clicked", "page.viewed", "video.watched")
    assert [event.data for event in Event.objects.filter(type__in=kinds)] == [{}] * 4


def test_what_was_captured_moves_to_the_survivor() -> None:
    anna = captured()
    survivor = contacts.contact(first_name="Ann", email="ann@example.org")

    merging.merge(survivor.pk, anna.pk)

    for model in (Submission, LinkClick, PageView, VideoWatch):
        assert list(model.objects.values_list("contact_id", flat=True)) == [survivor.pk], model
