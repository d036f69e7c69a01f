"""A contact's page: what happened and who it is, what it offers to whom, and the form behind it."""

import pytest

from contacts import services
from contacts.models import Note
from contacts.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/contact/"


def test_the_page_tells_who_it_is_what_is_allowed_and_what_is_to_be_done() -> None:
    mia = make.contact(
        first_name="Mia", last_name="Brandt", phone="+49301234567", time_zone="Europe/Berlin", city="Bonn"
    )
    make.task(mia, "Call"), make.tag("VIP", mia)
    services.set_dnd(mia, ["sms"], True, services.Asked("inbound", "STOP by SMS"))

    answer = visit.boss().get(f"{LIST}{mia.pk}/change/")
    said = visit.words(answer.content.decode())

    for part in ("MB Mia Brandt", "SMS STOP by SMS Off since", "E-mail Allowed", "Call", "VIP", "Europe/Berlin, "):
        assert part in said
    assert visit.refused_by_policy(answer.content.decode()) == []


def test_who_may_only_look_is_offered_nothing() -> None:
    mia = make.contact()
    make.tag("VIP", mia)
    client = visit.staff("view_contact")

    page = client.get(f"{LIST}{mia.pk}/change/").content.decode()

    assert "VIP" in page
    assert "do/" not in page
    assert "?edit" not in page
    for what in ("note", "tag", "untag"):
        assert client.post(f"{LIST}{mia.pk}/do/{what}/", {"note": "x", "tag": "VIP"}).status_code == 403
    assert mia.tags.count() == 1


def test_tags_are_put_on_and_taken_off() -> None:
    mia, client = make.contact(), visit.staff("view_contact", "change_contact")

    assert visit.pressed(client, f"{LIST}{mia.pk}/do/tag/", tag="Oak") == "Tag Oak added."
    assert visit.pressed(client, f"{LIST}{mia.pk}/do/untag/", tag="oak") == "Tag Oak removed."
    assert mia.tags.count() == 0


def test_a_note_without_words_is_refused() -> None:
    mia = make.contact()

    assert visit.pressed(visit.boss(), f"{LIST}{mia.pk}/do/note/", note="  ") == "Write something first."
    assert not Note.objects.exists()


def test_saving_the_form_leads_back_to_the_page() -> None:
    mia, client = make.contact(), visit.boss()
    form = client.get(f"{LIST}{mia.pk}/change/?edit=1").context["adminform"].form

    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    formset = {"tasks-TOTAL_FORMS": 0, "tasks-INITIAL_FORMS": 0}
    answer = client.post(f"{LIST}{mia.pk}/change/?edit=1", {**values, **formset, "city": "Ulm"})

    assert answer["Location"] == f"{LIST}{mia.pk}/change/"


def test_the_page_asks_as_much_with_few_as_with_many(django_assert_max_num_queries) -> None:
    mia, client = make.contact(), visit.boss()
    for n in range(12):
        make.task(mia, f"Call {n}"), make.tag(f"T{n}", mia), make.note(mia, f"n {n}")

    with django_assert_max_num_queries(40):
        client.get(f"{LIST}{mia.pk}/change/")
