"""What the lint says of maps and of the workflows attached to them."""

from typing import Any

import pytest

from pipelines.maps import lint
from pipelines.models import Map
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def said(target: Map) -> list[tuple[str, str]]:
    """Where and what, warnings and errors alike."""
    return [(str(problem.path[0]) if problem.path else "", problem.message) for problem in lint.lint(target)]


def pick(field: str, **config: Any) -> dict[str, Any]:
    make.attached("map.opened", name="Target", position=9)
    return make.action("a1", "workflow.choose", field=field, cases={"x": "target"}, **config)


def test_a_map_in_order_has_nothing_to_say() -> None:
    made = make.a_map("V video v!", "F flex x! y!", "T1 std a! b~")
    step = make.step("F.x").pk
    make.attached("track.opened", make.action("a1", "track.flex", track=make.track("F").pk, keep=[step]),
                  track=make.track("F").pk)  # fmt: skip
    make.attached("step.closed", name="G", step=make.step("T1.a").pk)

    assert lint.lint(made) == []


def test_a_map_without_tracks_and_a_track_without_steps_are_errors() -> None:
    empty, half = make.a_map(), make.a_map("T1 std a!", "T2 std", name="Half")

    found = [*lint.lint(empty), *lint.lint(half)]

    assert [problem.warning for problem in found] == [False, False]
    assert [problem.message for problem in found] == [
        "“M” has no track yet. Add one with its steps first.",
        "The track “T2” has no step yet. Add one first.",
    ]
    assert found[1].path == ("tracks", make.track("T2").pk)


def test_a_trigger_on_the_close_of_an_optional_step() -> None:
    made = make.a_map("T1 std a! b~")
    make.attached("step.closed", name="Thanks", step=make.step("T1.b").pk)

    assert said(made) == [("steps", "“b” is optional: where it is left out, “Thanks” never starts.")]


def test_video_tracks_in_a_row_that_mail_everything_at_once() -> None:
    made = make.a_map("V1 video a!", "V2 video b!", "T1 std c!", "V3 video d!")
    for name in ("V1", "V2", "V3"):
        make.attached("track.opened", make.action("a1", "video.send_access"), name=name, track=make.track(name).pk)

    text = "2 video tracks in a row open together: the lead gets all their messages at once."
    assert said(made) == [("tracks", text)]


def test_flex_on_a_sibling_and_flex_that_leaves_nothing() -> None:
    made = make.a_map("F flex x! y!")
    track = make.track("F").pk
    make.attached("step.opened", make.action("a1", "track.flex", track=track, keep=[make.step("F.x").pk]), name="Late",
                  step=make.step("F.x").pk)  # fmt: skip
    make.attached("track.opened", make.action("a1", "track.flex", track=track, keep=[]), name="None", track=track)

    assert said(made) == [
        ("steps", "“Late” chooses steps when one of them opens: the others have opened with it by then."),
        ("tracks", "“None” leaves no step of the track: it closes at once."),
    ]


@pytest.mark.parametrize(
    ("field", "config", "warns"),
    [
        ("contact.city", {}, False),
        ("contact.company", {}, True),
        ("contact.company", {"otherwise": "target"}, False),
    ],
)
def test_a_conditional_whose_source_may_be_empty(field: str, config: dict[str, Any], warns: bool) -> None:
    made = make.a_map("T1 std a!=city b~=company")
    make.attached("track.closed", pick(field, **config), name="Pick", track=make.track("T1").pk)

    text = "“Pick” chooses by a value that may be missing then; say what starts otherwise."
    assert said(made) == ([("tracks", text)] if warns else [])


def test_a_message_holds_up_nothing_behind_it() -> None:
    made = make.a_map("T1 std a!")
    make.attached(
        "track.closed", make.action("a1", "email.send", subject="Bye", text="Bye"), make.action("a2", "lead.close"),
        name="Bye", track=make.track("T1").pk,
    )  # fmt: skip

    assert said(made) == []
