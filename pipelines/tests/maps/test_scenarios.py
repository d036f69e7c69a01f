"""Every scenario of the map engine, played through the product's own `play`."""

from pathlib import Path

import pytest

from pipelines.maps.play import judging, notation

FILES = ("maps_scenarios.yaml", "more_scenarios.yaml")
SCENARIOS = [
    scenario for name in FILES for scenario in notation.read((Path(__file__).parent / name).read_text(encoding="utf-8"))
]


@pytest.mark.django_db
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_scenario_plays_as_it_says(scenario: notation.Scenario) -> None:
    told = judging.play(scenario)

    assert told["differences"] == []


def test_the_scenarios_have_ids_of_their_own() -> None:
    ids = [scenario.id for scenario in SCENARIOS]

    assert len(ids) == len(set(ids)) == 88
