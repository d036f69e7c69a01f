"""The outline of a posted form, whatever is posted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.admin.builder.marks import MAX_DEPTH, Mark, read


def told(mark: Mark) -> object:
    return (mark.sort, mark.name, [told(child) for child in mark.children])


def test_marks_nest_as_they_open_and_close() -> None:
    outline = read(["trigger:t1", "if:t1~conditions", "end", "end", "action:a1", "end"])

    assert told(outline) == (
        "", "", [("trigger", "t1", [("if", "t1~conditions", [])]), ("action", "a1", [])],
    )  # fmt: skip
    assert [mark.name for mark in outline.within("action", "case")] == ["a1"]


def test_an_end_too_many_or_too_few_does_no_harm() -> None:
    assert told(read(["end", "action:a1", "end", "end", "action:a2"])) == (
        "", "", [("action", "a1", []), ("action", "a2", [])],
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["a:1", "b:2", "end", "", ":", "c"]), max_size=200))
def test_nothing_posted_nests_deeper_than_it_may(values: list[str]) -> None:
    def depth(mark: Mark) -> int:
        return 1 + max(map(depth, mark.children), default=0)

    assert depth(read(values)) <= MAX_DEPTH + 1
