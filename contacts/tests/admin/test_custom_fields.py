"""Custom fields in the admin: the page that defines them, and a contact's page that asks for them."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact, CustomField
from contacts.tests import make
from contacts.tests.admin.test_contacts import form, page
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
FIELDS = "/admin/contacts/customfield/"
LIST = "/admin/contacts/contact/"
SIZES = [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]
EMPTY = {"custom_budget_0": "", "custom_budget_1": "EUR"}


def save(client: Client, contact: Contact | None, **values: Any) -> Any:
    address = f"{page(contact)}?edit=1" if contact else f"{LIST}add/"
    return client.post(address, {**form(client, contact), **values})


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_a_field_is_defined_with_choices_a_line_each() -> None:
    boss = visit.boss()
    values = {"label": "Shoe size", "key": "size", "kind": "choice", "choices": "s = Small\n\nXL", "position": 1}

    assert boss.post(f"{FIELDS}add/", values).status_code == 302

    field = CustomField.objects.get()
    assert field.choices == [{"value": "s", "label": "Small"}, {"value": "XL", "label": "XL"}]
    shown = boss.get(f"{FIELDS}{field.pk}/change/").content.decode()
    assert "s = Small\nXL" in shown
    assert boss.post(f"{FIELDS}{field.pk}/change/", {**values, "key": "other", "label": "Size"}).status_code == 302
    field.refresh_from_db()
    assert (field.key, field.label) == ("size", "Size")


def test_a_definition_that_is_wrong_is_told_at_its_field() -> None:
    answer = visit.boss().post(f"{FIELDS}add/", {"label": "x", "key": "Größe", "kind": "choice", "position": 0})

    assert set(errors(answer)) == {"key", "choices"}
    assert not CustomField.objects.exists()


def test_each_position_in_the_list_says_whose_it_is() -> None:
    make.field("size", label="Shoe size")

    assert 'aria-label="Position of Shoe size"' in visit.boss().get(FIELDS).content.decode()


def test_the_list_tells_order_and_how_many_carry_a_value() -> None:
    make.field("size", "choice", label="Shoe size", choices=SIZES, position=2)
    first = make.field("vip", "yesno", position=1)
    make.contact(custom_fields={"size": "s"})
    boss = visit.boss()

    said = visit.text(boss, FIELDS)

    assert said.index("Vip vip Yes or no") < said.index("Shoe size size Choice")
    assert "Shoe size size Choice 1 In use" in said.replace(" – ", " ").replace("  ", " ")
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": first.pk, "form-0-position": 9, "_save": "x"}
    assert boss.post(f"{FIELDS}?q=vip", rows).status_code == 302
    assert list(CustomField.objects.values_list("key", flat=True)) == ["size", "vip"]


def test_archived_by_a_button_and_deleted_only_where_nobody_needs_it() -> None:
    size, note = make.field("size"), make.field("note")
    make.contact(custom_fields={"size": "M"})
    boss = visit.boss()

    assert boss.get(f"{FIELDS}{size.pk}/delete/").status_code == 403
    assert boss.get(f"{FIELDS}{note.pk}/delete/").status_code == 200
    said = visit.pressed(boss, f"{FIELDS}{size.pk}/do/archive/")
    assert said == "Archived: asked for no more; stored values stay readable."
    size.refresh_from_db()
    assert size.archived
    visit.pressed(boss, f"{FIELDS}{size.pk}/do/use-again/")
    size.refresh_from_db()
    assert not size.archived


@pytest.fixture
def fields() -> None:
    for key, kind in (("note", "long_text"), ("n", "number"), ("day", "date"), ("met", "datetime"), ("vip", "yesno"),
                      ("tel", "phone"), ("mail", "email"), ("site", "url"), ("who", "user")):  # fmt: skip
        make.field(key, kind)
    make.field("budget", "money", currency="EUR")
    make.field("size", "choice", choices=SIZES)
    make.field("likes", "multi_choice", choices=SIZES)


@pytest.mark.usefixtures("fields")
def test_a_contacts_page_asks_for_each_field_in_its_own_way() -> None:
    ana = make.user("ana", is_staff=True)
    mia, boss = make.contact(country="DE"), visit.boss()

    answer = save(
        boss, mia, custom_note="one\ntwo", custom_n="42.5", custom_day="2026-02-28", custom_met="2026-03-31T09:00",
        custom_vip="false", custom_tel="030 123456", custom_mail="a@münchen.example", custom_site="example.org",
        custom_who=ana.pk, custom_budget_0="50", custom_budget_1="usd", custom_size="l", custom_likes=["l", "s"],
    )  # fmt: skip

    assert answer.status_code == 302
    mia.refresh_from_db()
    assert mia.custom_fields == {
        "note": "one\ntwo", "n": 42.5, "day": "2026-02-28", "met": "2026-03-31T09:00:00+00:00", "vip": False,
        "tel": "+4930123456", "mail": "a@münchen.example", "site": "https://example.org", "who": ana.pk,
        "budget": {"amount": "50.00", "currency": "USD"}, "size": "l", "likes": ["s", "l"],
    }  # fmt: skip
    shown = boss.get(f"{page(mia)}?edit=1").content.decode()
    assert 'type="date" name="custom_day" value="2026-02-28"' in shown
    assert 'value="2026-03-31T09:00"' in shown
    assert visit.refused_by_policy(shown) == []

    assert (
        save(boss, mia, custom_budget_0="50.00", custom_budget_1="USD", custom_likes=["s"], custom_n="").status_code
        == 302
    )
    mia.refresh_from_db()
    assert (mia.custom_fields["likes"], "n" in mia.custom_fields) == (["s"], False)
    assert mia.custom_fields["budget"] == {"amount": "50.00", "currency": "USD"}


@pytest.mark.usefixtures("fields")
def test_what_is_wrong_stands_at_its_input_and_nothing_is_saved() -> None:
    mia, boss = make.contact(), visit.boss()

    answer = save(boss, mia, **EMPTY | {
        "custom_day": "2026-02-30", "custom_n": "many", "custom_tel": "call", "custom_size": "XXL", "city": "Bonn",
        "custom_budget_0": "1.234", "born": "30-02",
    })  # fmt: skip

    assert set(errors(answer)) == {
        "custom_day", "custom_n", "custom_tel", "custom_size", "custom_budget", "born",
    }  # fmt: skip
    assert errors(answer)["custom_budget"] == ["An amount in EUR has at most 2 decimals."]
    mia.refresh_from_db()
    assert (mia.custom_fields, mia.city) == ({}, "")


def test_a_required_field_is_asked_for_also_of_an_amount() -> None:
    make.field("budget", "money", currency="EUR", required=True)
    make.field("need", required=True)
    boss = visit.boss()

    answer = save(boss, None, first_name="Mia", **EMPTY)

    assert set(errors(answer)) == {"custom_budget", "custom_need"}
    assert (
        save(boss, None, first_name="Mia", custom_budget_0="5", custom_budget_1="EUR", custom_need="x").status_code
        == 302
    )


def test_what_does_not_fit_any_more_is_shown_and_stays_until_it_is_mended() -> None:
    make.field("n", "number")
    make.field("size", "choice", choices=SIZES)
    old = make.field("old")
    old.archived = True
    old.save()
    held = {"n": "a lot", "size": "xxl", "old": "x", "nobody_s": [1, True]}
    mia, boss = make.contact(custom_fields=held), visit.boss()

    said = visit.text(boss, f"{page(mia)}?edit=1")
    assert "This value does not fit the kind of the field." in said
    assert "Old: x; nobody_s: 1, yes" in said

    assert save(boss, mia, city="Bonn").status_code == 302
    mia.refresh_from_db()
    assert (mia.city, mia.custom_fields) == ("Bonn", held)

    assert save(boss, mia, custom_n="5", custom_size="s").status_code == 302
    mia.refresh_from_db()
    assert mia.custom_fields == {**held, "n": 5, "size": "s"}


def test_a_birthday_without_its_year() -> None:
    mia, boss = make.contact(), visit.boss()

    save(boss, mia, born="05-17")
    mia.refresh_from_db()
    assert (mia.birth_date, mia.yearless_birthday) == (None, "05-17")
    assert 'name="born" value="--05-17"' in boss.get(f"{page(mia)}?edit=1").content.decode()

    save(boss, mia, born="1990-05-17")
    mia.refresh_from_db()
    assert (str(mia.birth_date), mia.yearless_birthday) == ("1990-05-17", "")


def test_who_may_only_look_reads_the_values() -> None:
    make.field("size", "choice", label="Shoe size", choices=SIZES)
    make.field("who", "user")
    make.field("budget", "money")
    ana = make.user("ana", first_name="Ana")
    held = {"size": "l", "who": ana.pk, "budget": {"amount": "5.00", "currency": "EUR"}}
    mia = make.contact(yearless_birthday="05-17", custom_fields=held)

    said = visit.text(visit.staff("view_contact"), page(mia))

    assert "Shoe size Large Who Ana Budget 5.00 EUR" in said
    assert "Birthday 17 May" in said


def test_what_staff_write_about_a_field_is_text_and_no_markup() -> None:
    make.field("size", label="<b>Size</b>", help_text="<script>alert(1)</script>")

    address = page(make.contact(custom_fields={"size": "<i>"}))
    boss = visit.boss()
    shown, read = (boss.get(f"{address}{form}").content.decode() for form in ("?edit=1", ""))

    assert "<script>alert" not in shown + read
    assert "<b>Size" not in shown + read
    assert "&lt;script&gt;alert(1)" in shown


def test_the_list_is_narrowed_by_choices_and_yes_or_no() -> None:
    make.field("size", "choice", choices=SIZES, label="Shoe size")
    make.field("likes", "multi_choice", choices=SIZES)
    make.field("vip", "yesno")
    make.field("note")
    mia = make.contact(custom_fields={"size": "l", "vip": True, "likes": ["s", "l"]})
    ben = make.contact(custom_fields={"size": "s", "vip": False})
    client = visit.staff("view_contact")

    def listed(query: str) -> list[int]:
        return sorted(row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list)

    assert listed("custom_size=l") == listed("custom_vip=yes") == listed("custom_likes=l") == [mia.pk]
    assert listed("custom_vip=no") == listed("custom_size=s&custom_vip=no") == [ben.pk]
    assert listed("custom_size=xxl") == []
    assert listed("") == [mia.pk, ben.pk]
    assert "Shoe size" in visit.text(client, LIST)
