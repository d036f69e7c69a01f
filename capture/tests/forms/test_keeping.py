"""How long submissions are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from capture.forms import keeping
from capture.models import Submission
from capture.tests import make

pytestmark = pytest.mark.django_db


def test_what_was_held_back_goes_after_thirty_days_and_nothing_else() -> None:
    form = make.form()
    make.send(form, {"first_name": "Bot", "email": "b@example.org", "website_": "x"})
    make.send(form, {"first_name": "Anna", "email": "anna@example.org"})
    now = timezone.now()

    assert keeping.purge(now + timedelta(days=29)) == 0
    assert keeping.purge(now + timedelta(days=31)) == 1
    assert Submission.objects.get().status == "taken"
    assert keeping.purge(now + timedelta(days=3650)) == 0
