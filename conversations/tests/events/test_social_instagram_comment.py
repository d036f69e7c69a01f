"""Instagram's comments start their own workflows."""

import pytest

from conversations.tests.social.page import listening, wrote
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_each_network_starts_its_own() -> None:
    workflow = listening(make.action("a", "data.set", values={"seen": "yes"}), network="instagram")

    wrote("c1")
    wrote("c2", network="instagram", parent_id="")
    drain()

    assert Run.objects.get().workflow_id == workflow.pk
    assert Run.objects.get().event.data["first_level"] is True
