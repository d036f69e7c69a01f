"""The HubSpot export among the examples goes all the way in, and out again."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from contacts.models import Contact, Note
from contacts.tests.importing import make

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "demo" / "hubspot-contacts.csv"


def test_demo() -> None:
    job = make.checked(FILE.read_bytes(), bad_values="leave_out", country="DE")
    print(job.made_by, job.mapping, job.rows, job.problems)
    print(Counter((c, m[:70]) for _l, c, m in make.findings(job)).most_common(30))
    from contacts.importing import steps

    job = make.worked(steps.start(job, {}))
    print(
        job.status, job.created, job.updated, job.unchanged, job.refused, Contact.objects.count(), Note.objects.count()
    )
    print(Counter(Contact.objects.values_list("country", flat=True)))
    print(list(Contact.objects.values()[:2]))
