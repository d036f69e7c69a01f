"""What a page may play from outside: named exactly, and nothing in an address widens the policy."""

import pytest

from triggers.media import source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://a.example/film.mp4", "https://a.example/film.mp4"),
        ("https://a.example:8443/film.mp4?t=1#x", "https://a.example:8443/film.mp4"),
        ("https://user:pw@a.example/f;m.mp4", "https://a.example/f%3Bm.mp4"),
        ("https://a.example/f *.mp4", "https://a.example/f%20%2A.mp4"),
        ("http://a.example/film.mp4", ""), ("/static/film.mp4", ""), ("javascript:x", ""),
    ],
)  # fmt: skip
def test_an_address_becomes_a_source(address: str, source: str) -> None:
    assert source_of(address) == source
