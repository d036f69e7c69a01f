"""`video.watched`: which videos and shares start a workflow."""

from typing import Any

import pytest

from capture.events.video_watched import VideoWatched, Which
from triggers import registry


def test_it_is_in_the_registry() -> None:
    assert registry.events["video.watched"] is VideoWatched
    assert (str(VideoWatched.label), VideoWatched.section) == ("Video watched", "Event Triggers")


@pytest.mark.parametrize(("least", "share"), [(1, 25), (25, 25), (60, 75), (96, 100), (100, 100)])
def test_a_share_means_the_next_that_is_told(least: int, share: int) -> None:
    assert VideoWatched.narrow(Which(percent=least)) == {"field": "event.percent", "op": "eq", "value": share}


def test_it_is_narrowed_by_site_page_and_video() -> None:
    wanted: dict[str, Any] = {"sites": [1], "path": "/a*", "video": "Tour"}

    assert VideoWatched.narrow(Which()) is None
    assert VideoWatched.narrow(Which(**wanted)) == {
        "all": [
            {"field": "event.site_id", "op": "is_any_of", "value": [1]},
            {"field": "event.path", "op": "starts_with", "value": "/a"},
            {"field": "event.video", "op": "is", "value": "Tour"},
        ]
    }
