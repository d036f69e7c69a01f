"""Programs are told by their name and by what they say the page is for."""

import pytest

from triggers.outside.programs import is_ahead, is_program


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Safari/604.1", False), ("", True), ("  ", True),
        ("Mozilla/5.0", True), ("Googlebot/2.1", True), ("AdsBot-Google", True), ("bot_one", True),
        ("WhatsApp/2.23", True), ("Safelinks scanner", True), ("botany reader", False),
    ],
)  # fmt: skip
def test_by_name(agent: str, program: bool) -> None:
    assert is_program(agent) is program


@pytest.mark.parametrize(
    ("headers", "prefetch"),
    [
        ({"Sec-Purpose": "prefetch;prerender"}, True), ({"Purpose": "prefetch"}, True), ({"X-Moz": "prefetch"}, True),
        ({"X-Purpose": "preview"}, True), ({"Purpose": "navigate"}, False), ({}, False),
    ],
)  # fmt: skip
def test_what_is_fetched_ahead_shows(headers: dict[str, str], prefetch: bool) -> None:
    assert is_ahead(headers) is prefetch
