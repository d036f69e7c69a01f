"""What goes on in the background: each task does what is due."""

import pytest

from contacts import services, tasks
from contacts.models import Contact, Duplicate, DuplicateSearch, Forgetting
from contacts.tests import make
from contacts.tests.privacy.zelmira import zelmira

pytestmark = pytest.mark.django_db


def test_the_first_search_begins_by_itself() -> None:
    make.contact(), make.contact()

    tasks.find_duplicates()

    assert Duplicate.objects.count() == 1
    assert DuplicateSearch.objects.get().finished_at is not None


def test_forgetting_goes_on_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contacts.privacy.forgetting.AT_ONCE", 1)
    services.forget(zelmira())

    tasks.go_on_forgetting()

    assert Forgetting.objects.get().finished_at is not None
    assert not Contact.objects.exclude(email="").exists()
