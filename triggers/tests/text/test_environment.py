from collections.abc import Callable
from typing import Any

import pytest

from triggers.text import TextError
from triggers.text.environment import HTML, PLAIN, TAGS, Context
from triggers.text.plain import WORK, Snapshot

BIO = "a" * 900


def context_with_work(left: int) -> Context:
    snapshot = Snapshot({"contact": {"bio": BIO}})
    snapshot.spend(WORK - left)
    return Context(PLAIN.from_string(""), snapshot)


def look_up(context: Context) -> Any:
    return context.get(["contact", "bio"], token=None)


def filter_text(context: Context) -> Any:
    return context.filter("downcase", None)(BIO)


@pytest.mark.parametrize("act", [look_up, filter_text])
def test_a_lookup_and_a_filter_pay_for_the_size_of_what_they_touch(act: Callable[[Context], Any]) -> None:
    context = context_with_work(left=1_000)

    assert act(context) == BIO
    with pytest.raises(TextError):
        act(context)


def test_the_tags_are_these_and_no_others() -> None:
    assert sorted(tag.name for tag in TAGS) == [
        "#",
        "break",
        "case",
        "comment",
        "content",
        "continue",
        "for",
        "if",
        "illegal",
        "output",
        "unless",
    ]
    assert PLAIN.tags.keys() == HTML.tags.keys() == {tag.name for tag in TAGS}


def test_limits() -> None:
    assert (PLAIN.loop_iteration_limit, PLAIN.output_stream_limit) == (1_000, 65_536)
    assert (PLAIN.local_namespace_limit, PLAIN.context_depth_limit) == (10_000, 30)
    assert (PLAIN.autoescape, HTML.autoescape) == (False, True)
