"""The log of what providers told, and having it done again."""

import pytest
from django.contrib.admin.models import LogEntry

from providers.models import ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import NOW
from triggers import sweeping
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/providers/providerdelivery/"


@pytest.fixture
def rows(tryout) -> list[ProviderDelivery]:
    """One done, one not understood, one whose body was not read."""
    connection = make.connection(name="Shop")
    take_in(
        connection, make.signed([{"id": 1, "name": "Ada"}, {"id": 2, "do": "unclear", "token": "hidden-away"}]), NOW
    )
    take_in(connection, make.signed(b"<script>alert(1)</script>"), NOW)
    sweeping.drain(NOW)
    return list(ProviderDelivery.objects.order_by("pk"))


def page(row: ProviderDelivery) -> str:
    return f"{LIST}{row.pk}/change/"


def test_the_log_says_what_became_of_each(rows) -> None:
    words = visit.text(visit.boss(), LIST)

    for each in ("Shop", "Done", "Not understood", "half of it makes no sense", "Ada"):
        assert each in words


def test_the_log_can_be_narrowed_to_what_waits(rows) -> None:
    answer = visit.boss().get(f"{LIST}?status__exact=quarantined")

    assert {row.pk for row in answer.context["cl"].result_list} == {rows[1].pk, rows[2].pk}


def test_what_was_told_is_shown_without_secrets_or_markup(rows) -> None:
    client = visit.boss()

    assert "hidden-away" not in client.get(page(rows[1])).content.decode()
    shown = client.get(page(rows[2])).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert visit.refused_by_policy(shown) == []


def test_one_is_done_again_with_the_permission(rows) -> None:
    ProviderDelivery.objects.filter(pk=rows[1].pk).update(data={"id": 2})
    reader = visit.staff("view_providerdelivery", name="reader")
    assert reader.post(f"{LIST}{rows[1].pk}/do/again/").status_code == 403
    assert "Do it again" not in visit.text(reader, page(rows[1]))
    client = visit.staff("view_providerdelivery", "replay_providerdelivery")

    assert visit.pressed(client, f"{LIST}{rows[1].pk}/do/again/") == "It will be done in a moment."
    sweeping.drain()

    rows[1].refresh_from_db()
    assert rows[1].status == "done"
    assert LogEntry.objects.get().get_change_message() == "Done again."
    assert "cannot" not in visit.text(client, page(rows[0]))


def test_several_are_done_again_at_once(rows) -> None:
    client = visit.boss()
    ProviderDelivery.objects.filter(pk=rows[1].pk).update(data={"id": 2})
    chosen = {"action": "do_again", "_selected_action": [row.pk for row in rows]}

    assert visit.pressed(client, LIST, **chosen) == "1 will be done in a moment."
    sweeping.drain()
    assert visit.pressed(client, LIST, **chosen) == (
        "None of these can be done again: they are done, waiting, or blanked."
    )


def test_nobody_writes_the_log(rows) -> None:
    client = visit.boss()

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page(rows[0]), {"status": "done"}).status_code == 403
