"""The pages for merging two contacts, telling what is kept about one, and forgetting one."""

import io
import zipfile

import pytest
from django.contrib.admin.models import LogEntry

from contacts import services
from contacts.dedupe import merging
from contacts.models import Contact, ContactAlias, Forgetting
from contacts.tests import make
from contacts.tests.privacy.zelmira import zelmira
from triggers import sweeping
from triggers.tests import make as engine
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/contact/"
SEE = ("view_contact", "change_contact")


def two() -> tuple[Contact, Contact]:
    mia = make.contact(last_name="Brandt", city="Ulm", country="DE")
    return mia, make.contact(last_name="Brandt", email="m@work.example", company="Oak", country="DE")


def side_by_side(into: Contact, other: Contact) -> str:
    return f"{LIST}{into.pk}/merge/{other.pk}/"


def test_the_merge_page_shows_both_and_what_will_move() -> None:
    mia, other = two()
    make.note(other)
    client = visit.staff(*SEE, "merge_contact")

    said = visit.text(client, side_by_side(mia, other))

    assert "Mia Brandt (m@work.example) becomes part of Mia Brandt (mia@example.org) . This cannot be undone." in said
    assert "E-mail mia@example.org m@work.example" in said
    assert "Company empty Oak" in said
    assert "Notes 1" in said
    page = client.get(side_by_side(mia, other)).content.decode()
    assert 'name="side.company" value="from" aria-describedby="field-2" checked' in page
    assert 'name="side.country"' not in page
    assert visit.refused_by_policy(page) == []


def test_looking_merges_nothing_and_posting_does_as_chosen() -> None:
    mia, other = two()
    client = visit.staff(*SEE, "merge_contact")
    client.get(side_by_side(mia, other))
    assert Contact.objects.count() == 2

    said = visit.pressed(client, side_by_side(mia, other), **{"side.email": "from", "side.city": "into"})

    assert said == "Merged. Everything is here now."
    mia.refresh_from_db()
    assert (mia.email, mia.extra_emails, mia.city, mia.company) == (
        "m@work.example", ["mia@example.org"], "Ulm", "Oak",
    )  # fmt: skip
    assert ContactAlias.objects.get().actor == "user"
    assert LogEntry.objects.get().get_change_message() == f"Merged with contact {other.pk}."


def test_runs_that_would_be_stopped_are_told_before() -> None:
    mia, other = two()
    engine.workflow(engine.action("w", "wait.duration", days=1), reentry="one_active")
    make.tag("VIP", mia), make.tag("Fair", other)
    sweeping.drain()

    assert "1 active run is stopped" in visit.text(visit.boss(), side_by_side(mia, other))


def test_what_cannot_be_merged_leads_back_and_says_why() -> None:
    mia, other = two()
    client = visit.boss()

    assert "one and the same contact" in visit.text(client, side_by_side(mia, mia))
    assert "no field of this name" in visit.pressed(client, side_by_side(mia, other), **{"side.colour": "from"})
    assert Contact.objects.count() == 2
    assert "no contact 987654" in visit.text(client, f"{LIST}{mia.pk}/merge/987654/")


@pytest.mark.parametrize("page", ["merge", "personal-data", "forget"])
def test_each_page_asks_for_its_permission(page: str) -> None:
    mia, other = two()
    address = side_by_side(mia, other) if page == "merge" else f"{LIST}{mia.pk}/{page}/"
    client = visit.staff(*SEE, "delete_contact")

    assert client.get(address).status_code == 403
    assert client.post(address, {"sure": "1"}).status_code == 403
    assert Contact.objects.count() == 2
    assert not Forgetting.objects.exists()
    assert "Forget…" not in visit.text(client, f"{LIST}{mia.pk}/change/")


def test_links_to_the_former_number_lead_to_the_survivor() -> None:
    mia, other = two()
    merging.merge(mia.pk, other.pk)
    client = visit.boss()

    for page in ("change", "history", "delete"):
        answer = client.get(f"{LIST}{other.pk}/{page}/")
        assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{mia.pk}/change/"), page
    assert f"Contact {other.pk} was merged into this one." in visit.text(client, f"{LIST}{other.pk}/change/")


def test_two_are_chosen_in_the_list() -> None:
    mia, other = two()
    client = visit.boss()
    chosen = {"action": "merge_two", "_selected_action": [other.pk, mia.pk]}

    assert client.post(LIST, chosen)["Location"] == side_by_side(mia, other)
    assert visit.pressed(client, LIST, action="merge_two", _selected_action=[mia.pk]).startswith("Choose two")


def test_everything_kept_comes_as_a_file() -> None:
    who = zelmira()
    make.note(who, "Told in private")
    client = visit.staff(*SEE, "export_contact")

    answer = client.get(f"{LIST}{who.pk}/personal-data/")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:
        assert "Told in private" in opened.read("index.html").decode()
    assert f"contact-{who.pk}.zip" in answer["Content-Disposition"]
    assert LogEntry.objects.get().get_change_message() == "Exported everything kept about the person."


def test_forgetting_says_what_goes_and_what_stays_and_asks_to_be_sure() -> None:
    who = zelmira()
    make.note(who)
    client = visit.staff(*SEE, "forget_contact")
    page = f"{LIST}{who.pk}/forget/"

    said = visit.text(client, page)
    assert "Notes 1" in said
    assert "What stays That there was a contact" in said
    assert visit.refused_by_policy(client.get(page).content.decode()) == []
    assert "Tick the box" in visit.words(client.post(page).content.decode())
    assert not Forgetting.objects.exists()

    assert visit.pressed(client, page, sure="1") == "Forgotten."
    assert "This person was forgotten on" in visit.text(client, f"{LIST}{who.pk}/change/")
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {f"Contact {who.pk}"}


def test_the_page_of_a_forgotten_person_offers_no_further_forgetting() -> None:
    who = zelmira()
    services.forget(who)

    assert "Forget…" not in visit.text(visit.boss(), f"{LIST}{who.pk}/change/")


def test_what_happened_can_be_narrowed_and_paged() -> None:
    mia = make.contact()
    for n in range(45):
        make.tag(f"tag {n}", mia)
    client, page = visit.boss(), f"{LIST}{mia.pk}/change/"

    shown = client.get(page).context["history"]
    assert (len(shown.items), bool(shown.older)) == (40, True)
    older = client.get(f"{page}?before={shown.older}").context["history"]
    assert (len(older.items), older.older) == (6, "")
    assert "Newest" in visit.text(client, f"{page}?before={shown.older}")
    assert "Nothing of this kind." in visit.text(client, f"{page}?kind=messages")
    assert len(client.get(f"{page}?kind=nonsense&before=nonsense").context["history"].items) == 40
