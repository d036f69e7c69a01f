"""Visitors who say who they are: told to whoever listens, and what fails there stays there."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from contacts import arrivals
from contacts.models import Contact
from contacts.tests import make


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Contact]:
    found: list[Contact] = []

    def fails(_request: HttpRequest, contact: Contact, _now: datetime) -> None:
        contact.notes.create(body="Came by")
        raise DatabaseError

    def hears(_request: HttpRequest, contact: Contact, _now: datetime) -> None:
        found.append(contact)

    monkeypatch.setattr(arrivals, "listeners", {"fails": fails, "hears": hears})
    return found


@pytest.mark.django_db
def test_all_hear_of_it_and_what_one_fails_at_is_undone(heard: list[Contact], caplog: Any) -> None:
    mia = make.contact()

    arrivals.tell(HttpRequest(), mia, timezone.now())

    assert heard == [mia]
    assert not mia.notes.exists()
    assert "fails of contact" in caplog.text


def test_of_nobody_nothing_is_told(heard: list[Contact]) -> None:
    arrivals.tell(HttpRequest(), None, timezone.now())

    assert heard == []
