"""The list of probable duplicates."""

import pytest

from contacts.dedupe import duplicates
from contacts.models import Duplicate, DuplicateSearch
from contacts.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/duplicate/"


def pair() -> Duplicate:
    make.contact(), make.contact(email="MIA@example.org")
    duplicates.ask()
    duplicates.go_on()
    return Duplicate.objects.get()


def test_each_pair_says_why_and_leads_side_by_side() -> None:
    found = pair()
    client = visit.staff("view_duplicate", "view_contact")
    side_by_side = f"/admin/contacts/contact/{found.first_id}/merge/{found.second_id}/"

    assert "Mia mia@example.org Mia MIA@example.org Same e-mail" in visit.text(client, LIST)
    assert side_by_side in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{found.pk}/change/")["Location"] == side_by_side
    assert client.get(f"{LIST}987654/change/")["Location"] == LIST


def test_the_contacts_own_page_tells_of_it() -> None:
    found = pair()
    page = f"/admin/contacts/contact/{found.second_id}/change/"

    assert "Probably the same person as Mia (mia@example.org): same e-mail. Compare…" in visit.text(visit.boss(), page)
    assert "Probably" not in visit.text(visit.staff("view_contact", "change_contact"), page)


def test_who_is_not_the_same_is_gone_from_the_list() -> None:
    found = pair()
    body = {"action": "not_the_same", "_selected_action": [found.pk]}

    assert visit.pressed(visit.staff("view_duplicate", "change_duplicate"), LIST, **body) == (
        "1 pair is not suggested again."
    )
    assert "Nobody is stored twice" in visit.text(visit.staff("view_duplicate", name="other"), LIST)
    assert "action" not in visit.staff("view_duplicate", name="third").get(LIST).context["cl"].params


def test_a_search_can_be_asked_for_by_post() -> None:
    make.contact(), make.contact()
    client = visit.staff("view_duplicate", "change_duplicate")

    assert client.get(f"{LIST}search/").status_code == 405
    assert visit.pressed(client, f"{LIST}search/") == "1 probable duplicate."
    assert DuplicateSearch.objects.get().finished_at is not None
    assert "Last looked for" in visit.text(client, LIST)


def test_who_may_only_look_starts_no_search() -> None:
    visit.staff("view_duplicate").post(f"{LIST}search/")

    assert not DuplicateSearch.objects.exists()
