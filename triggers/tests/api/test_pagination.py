"""Pages by cursor: in order, without gaps or repeats while rows arrive, and nothing made up is believed."""

from base64 import b64encode
from typing import Any

import pytest

from triggers.models import Destination
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[int]:
    return [Destination.objects.create(key=f"https://{n}.example").pk for n in range(120)]


def page(client: Any, address: str) -> tuple[list[int], str | None, str | None]:
    found = client.get(address).json()
    return [row["id"] for row in found["results"]], found["next"], found["previous"]


def test_fifty_a_page_newest_first(rows: list[int]) -> None:
    client = calls.client()
    first, following, before = page(client, "/api/v1/destinations/")
    second, last, _first = page(client, following or "")
    third, end, _second = page(client, last or "")

    assert (first, second, third) == (rows[:69:-1], rows[69:19:-1], rows[19::-1])
    assert (before, end) == (None, None)


def test_rows_that_arrive_meanwhile_shift_nothing(rows: list[int]) -> None:
    client = calls.client()
    _first, following, _before = page(client, "/api/v1/destinations/")
    Destination.objects.create(key="https://new.example")

    second, _last, back = page(client, following or "")

    assert second == rows[69:19:-1]
    assert page(client, back or "")[0] == rows[:69:-1]


@pytest.mark.parametrize(("asked", "size"), [("7", 7), ("200", 120), ("100000", 120), ("0", 50), ("x", 50)])
def test_the_page_size_is_bounded(rows: list[int], asked: str, size: int) -> None:
    assert len(page(calls.client(), f"/api/v1/destinations/?page_size={asked}")[0]) == size


@pytest.mark.parametrize("position", ["p=abc", "p=%00", "p=1e9", "o=abc", "\xff\xfe", "p=2026-01-01"])
def test_a_made_up_cursor_is_refused(rows: list[int], position: str) -> None:
    cursor = b64encode(position.encode("latin-1")).decode()

    response = calls.client().get("/api/v1/destinations/", {"cursor": cursor})

    assert (response.status_code, response.json()["type"]) == (404, "urn:concours:problem:not_found")


def test_a_cursor_beyond_every_id_finds_all_of_them(rows: list[int]) -> None:
    cursor = b64encode(b"p=99999999999999999999999").decode()

    response = calls.client().get("/api/v1/destinations/", {"cursor": cursor})

    assert response.status_code == 200
    assert [row["id"] for row in response.json()["results"]] == rows[:69:-1]
