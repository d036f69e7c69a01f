"""What stands above every page of one workflow."""

import pytest

from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_versions import NEWER
from triggers.tests.admin.test_workflows import LIST, SET

pytestmark = pytest.mark.django_db


def test_the_draft_tells_in_how_many_sentences_it_differs_and_leads_to_them() -> None:
    flow = make.workflow(SET)
    flow.draft = NEWER
    flow.save()

    page = visit.boss().get(f"{LIST}{flow.pk}/versions/").content.decode()

    assert "Draft, 1 change" in visit.words(page)
    assert f'href="{LIST}{flow.pk}/compare/"' in page
