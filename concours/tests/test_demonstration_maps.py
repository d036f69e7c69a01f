"""The demo's map: it can be used as it is, its leads stand in different places, and a second start adds nothing."""

import pytest

from concours import demonstration
from pipelines.maps import attached, lint
from pipelines.models import Journey, JourneyTrack, Map

pytestmark = pytest.mark.django_db


def test_five_leads_stand_in_different_places(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    demonstration.ensure()
    demonstration.ensure()

    made = Map.objects.get()
    opened = JourneyTrack.objects.filter(status="open").exclude(kind="video").order_by("journey__pk")
    assert [(each.journey.contact.first_name, each.name) for each in opened.select_related("journey__contact")] == [
        ("Anna", "Plan and measure"), ("Jonas", "Plan and measure"), ("Leyla", "Plan and measure"),
        ("Marie", "First contact"), ("Tomás", "Offer"),
    ]  # fmt: skip
    assert Journey.objects.count() == 5
    assert lint.lint(made) == []
    assert [(each.workflow.name, each.is_live) for each in attached.to_map(made)] == [
        ("Invite to the film", True), ("Nobody measures", True),
    ]  # fmt: skip
