"""Non-starts, receivers and notices over the API."""

import pytest

from triggers import sweeping
from triggers.action_types import Hold
from triggers.models import Destination, Miss, Notice
from triggers.tests import make
from triggers.tests.api import calls
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db


def test_a_miss_tells_why_nothing_started() -> None:
    condition = {"field": "event.tag", "op": "is", "value": "VIP"}
    flow = make.workflow(triggers=[{"uid": "t1", "event": "contact.tag_added", "conditions": condition}])
    make.tag(make.contact(), "Other")
    sweeping.drain()

    rows = calls.client().get("/api/v1/misses/", {"workflow": flow.pk}).json()["results"]

    assert len(rows) == Miss.objects.count() == 1
    assert (rows[0]["field"], rows[0]["expected"], rows[0]["actual"]) == ("event.tag", "VIP", "Other")
    assert calls.client().get("/api/v1/misses/", {"event": 999}).json()["results"] == []


def test_a_repaired_receiver_lets_its_runs_go_on() -> None:
    client = calls.client()
    with probe(Hold("401"), Hold("401"), target="https://sink.example"):
        flow = make.workflow(make.action("p", "probe"))
        for name in ("A", "B"):
            make.tag(make.contact(first_name=name))
        sweeping.drain()
        [row] = client.get("/api/v1/destinations/", {"status": "held"}).json()["results"]

        response = client.post(f"/api/v1/destinations/{row['id']}/repaired/")

    assert (row["key"], row["reason"]) == ("https://sink.example", "401")
    assert response.json() == {"count": 2}
    assert Destination.objects.get().status == "ok"
    assert [run.status for run in make.runs(flow)] == ["pending", "pending"]


def test_calling_a_receiver_repaired_is_for_operators() -> None:
    made = Destination.objects.create(key="https://sink.example", status="held")
    clerk = calls.with_permissions(make.user(), "triggers.change_destination")

    response = calls.client("destinations:write", user=clerk).post(f"/api/v1/destinations/{made.pk}/repaired/")

    assert response.status_code == 403
    assert Destination.objects.get().status == "held"


class TestNotices:
    def test_everybody_sees_their_own(self) -> None:
        clara, dora = make.user(is_staff=True), make.user("dora", is_staff=True)
        mine = Notice.objects.create(user=clara, text="“Welcome” was paused.")
        Notice.objects.create(user=dora, text="Not yours")

        rows = calls.session(clara).get("/api/v1/notices/").json()["results"]

        assert [(row["id"], row["text"]) for row in rows] == [(mine.pk, "“Welcome” was paused.")]

    def test_a_key_sees_its_users(self) -> None:
        client = calls.client("notices:read")
        Notice.objects.create(user=client.user, text="A")

        assert len(client.get("/api/v1/notices/").json()["results"]) == 1

    def test_read_ones_are_told_from_unread(self) -> None:
        client = calls.client()
        first, second = (Notice.objects.create(user=client.user, text=text) for text in "AB")

        read = client.post(f"/api/v1/notices/{first.pk}/read/").json()
        again = client.post(f"/api/v1/notices/{first.pk}/read/").json()

        assert read["read_at"] is not None
        assert again == read
        for asked, expected in (("true", second), ("false", first)):
            [row] = client.get("/api/v1/notices/", {"unread": asked}).json()["results"]
            assert row["id"] == expected.pk

    def test_nobody_reads_anothers(self) -> None:
        other = Notice.objects.create(user=make.user(), text="A")

        assert calls.client().post(f"/api/v1/notices/{other.pk}/read/").status_code == 404
        assert Notice.objects.get().read_at is None
