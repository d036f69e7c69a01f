"""`manage.py play`: what it prints, when it fails, and that nothing of it stays."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from contacts.models import Contact
from pipelines.maps.play import notation
from pipelines.models import Map
from pipelines.tests.maps import make
from triggers.matching import compiled
from triggers.models import Run

pytestmark = pytest.mark.django_db
ONE = """
id: X1
given: {M: [T1 std a!, T2 std b!]}
triggers: {t: }
bind: [step.close T1.a -> t]
when:
  - assign M: [map.open M, track.open T1, step.open T1.a]
  - complete T2.b: rejected
  - complete T1.a: [step.close T1.a, track.close T1, track.open T2, step.open T2.b]
never: [step.close T2.b]
runs: [t]
"""


def played(tmp_path: Path, text: str, *options: str) -> tuple[list[Any], int]:
    """What the command prints as JSON, and its exit status."""
    file, printed, status = tmp_path / "file.yaml", io.StringIO(), 0
    file.write_text(text, encoding="utf-8")
    try:
        call_command("play", str(file), "--json", *options, stdout=printed)
    except SystemExit as ended:
        status = int(ended.code or 0)  # type: ignore[call-overload]
    return [json.loads(line) for line in printed.getvalue().splitlines()], status


def test_it_tells_each_act_with_its_events(tmp_path: Path) -> None:
    [told], status = played(tmp_path, ONE)

    assert status == 0
    assert told == {
        "id": "X1", "ok": True,
        "acts": [
            {"act": "assign M", "events": ["map.open M", "track.open T1", "step.open T1.a"]},
            {"act": "complete T2.b", "rejected": True, "why": "“b” is not open for this lead."},
            {
                "act": "complete T1.a",
                "events": ["step.close T1.a", "track.close T1", "track.open T2", "step.open T2.b"],
            },
        ],
        "runs": ["t"], "differences": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("[step.close T1.a, track.close T1,", "[track.close T1,", "complete T1.a: expected"),
        ("complete T2.b: rejected", "complete T2.b: []", "complete T2.b: expected [], got rejected."),
        ("runs: [t]", "runs: []", "runs: expected [], got ['t']"),
        ("never: [step.close T2.b]", "never: [track.open T2]", "track.open T2 was recorded"),
    ],
)
def test_what_differs_is_told_and_fails(tmp_path: Path, old: str, new: str, difference: str) -> None:
    right, _status = played(tmp_path, ONE)

    [told], status = played(tmp_path, ONE.replace(old, new))

    assert (status, told["ok"], len(told["differences"])) == (1, False, 1)
    assert told["differences"][0].startswith(difference)
    assert (told["acts"], told["runs"]) == (right[0]["acts"], right[0]["runs"])


def test_what_is_expected_does_not_bear_on_the_result(tmp_path: Path) -> None:
    bare = "\n".join(line.partition(": [")[0] if line.startswith("  - ") else line for line in ONE.splitlines())

    [told], _status = played(tmp_path, bare.replace("runs: [t]", "").replace(": rejected", ""))

    assert told["acts"] == played(tmp_path, ONE)[0][0]["acts"]
    assert told["runs"] == ["t"]


def test_one_scenario_of_a_file(tmp_path: Path) -> None:
    told, status = played(tmp_path, f"{ONE}---{ONE.replace('X1', 'X2')}", "--id", "X2")

    assert ([each["id"] for each in told], status) == (["X2"], 0)


def test_nothing_stays_and_nobody_elses_workflow_runs(tmp_path: Path) -> None:
    flow = make.attached("map.opened", make.action("a1", "note.create", body="x"))
    journey = make.assigned("T1 std a!")
    before = {model: model._base_manager.count() for model in apps.get_models()}

    [told], status = played(tmp_path, ONE)

    assert {model: model._base_manager.count() for model in apps.get_models()} == before
    assert (status, told["runs"]) == (0, ["t"])
    assert Run.objects.filter(workflow=flow).count() == 1
    assert {entry.workflow_id for book in compiled._books.values() for entry in book.entries} == {flow.pk}
    assert (Map.objects.get().name, Contact.objects.get().pk) == ("M", journey.contact_id)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "while parsing"),
        ("id: X", "has no maps"),
        ("given: {M: [T1 strange a!]}", "a track is a name, std, flex or video"),
        ("given: {M: [T1 std a!]}\nbind: [step.close T1.a]", "an arrow"),
        ("given: {M: [T1 std a!]}\nbind: [step.burn T1.a -> x]", "no event of a map"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        played(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("complete T9.a", "There is no track “T9”."),
        ("complete T1.z", "There is no step “z” in “T1”."),
        ("assign X", "There is no map “X”."),
        ("dance", "“dance” is no act."),
        ("bind map.open M -> nobody", "There is no trigger “nobody”."),
    ],
)
def test_a_scenario_that_names_what_is_not_there(tmp_path: Path, line: str, message: str) -> None:
    [told], status = played(tmp_path, f"given: {{M: [T1 std a!]}}\nwhen:\n  - {line}: []\n")

    assert (status, told["ok"], told["differences"]) == (1, False, [message])


def test_words_stay_words() -> None:
    [scenario] = notation.read("given: {M: [T1 std a!]}\nfields: {x: yes, y: 07}\nemail: false\n")

    assert (scenario.fields, scenario.has_email) == ({"x": "yes", "y": "07"}, False)
