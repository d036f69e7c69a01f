"""The dates of contacts, in step with their rows through every door."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Value

from contacts import services
from contacts.custom import dating
from contacts.models import Contact, CustomField, DatedValue
from contacts.tests import make

pytestmark = pytest.mark.django_db
RENEWAL = {"renewal": "2026-05-17"}


def filed() -> set[tuple[int, str, str]]:
    """Contact, field and day of every date there is."""
    return {
        (value.contact_id, value.field.key if value.field else "birth_date", value.on.isoformat())
        for value in DatedValue.objects.select_related("field")
    }


@pytest.fixture(autouse=True)
def renewal() -> CustomField:
    make.field("note")
    return make.field("renewal", "date")


def test_a_new_contacts_dates_are_filed() -> None:
    mia = make.contact(birth_date="1990-02-28", custom_fields={"renewal": "2026-05-17", "note": "2026-01-01"})

    assert filed() == {(mia.pk, "birth_date", "1990-02-28"), (mia.pk, "renewal", "2026-05-17")}
    value = DatedValue.objects.get(field=None)
    assert (value.month, value.day) == (2, 28)


def test_a_save_files_what_changed_and_clears_what_went() -> None:
    mia = make.contact(birth_date=date(1990, 2, 28), custom_fields=RENEWAL)
    stays = DatedValue.objects.get(field__key="renewal").pk

    mia.birth_date = None
    mia.yearless_birthday = "02-29"
    mia.save()
    assert filed() == {(mia.pk, "birth_date", "0004-02-29"), (mia.pk, "renewal", "2026-05-17")}

    mia.custom_fields = {"note": "x"}
    mia.save()
    assert filed() == {(mia.pk, "birth_date", "0004-02-29")}
    assert not DatedValue.objects.filter(pk=stays).exists()


def test_a_stale_copy_that_saves_another_column_changes_no_date() -> None:
    mia = make.contact(custom_fields=RENEWAL)
    stale = Contact.objects.get(pk=mia.pk)
    services.update(mia, {"custom_fields.renewal": "2027-01-01"})

    stale.birth_date = date(1990, 2, 28)
    stale.save()

    assert filed() == {(mia.pk, "renewal", "2027-01-01"), (mia.pk, "birth_date", "1990-02-28")}


def test_many_at_once() -> None:
    made = Contact.objects.bulk_create(
        [Contact(first_name="Mia", birth_date=date(1990, 2, 28)), Contact(first_name="Ben", custom_fields=RENEWAL)]
    )
    mia, ben = made
    assert filed() == {(mia.pk, "birth_date", "1990-02-28"), (ben.pk, "renewal", "2026-05-17")}

    mia.birth_date, ben.custom_fields = date(1991, 3, 1), {"renewal": "2026-06-01"}
    Contact.objects.bulk_update(made, ["birth_date", "custom_fields"])
    assert filed() == {(mia.pk, "birth_date", "1991-03-01"), (ben.pk, "renewal", "2026-06-01")}

    Contact.objects.update(birth_date=None, custom_fields=Value(RENEWAL, Contact._meta.get_field("custom_fields")))
    assert filed() == {(mia.pk, "renewal", "2026-05-17"), (ben.pk, "renewal", "2026-05-17")}

    Contact.objects.update(birth_date=F("birth_date"), yearless_birthday="12-31")
    assert (mia.pk, "birth_date", "0004-12-31") in filed()


def test_a_deleted_contact_leaves_no_dates() -> None:
    make.contact(custom_fields=RENEWAL, birth_date=date(1990, 2, 28)).delete()

    assert filed() == set()


def test_a_change_that_is_rolled_back_leaves_the_dates_as_they_were() -> None:
    mia = make.contact(custom_fields=RENEWAL)

    with transaction.atomic():
        services.update(mia, {"custom_fields.renewal": "2027-01-01"})
        transaction.set_rollback(True)

    assert filed() == {(mia.pk, "renewal", "2026-05-17")}


@pytest.mark.parametrize("junk", ["soon", "2026-02-30", 5, None, ["2026-05-17"], {"a": 1}])
def test_a_stored_value_that_is_no_date_is_filed_nowhere(junk: Any) -> None:
    make.contact(custom_fields={"renewal": junk})

    assert filed() == set()


def test_a_moment_is_filed_under_its_day_in_utc() -> None:
    make.field("met", "datetime")
    mia = make.contact(custom_fields={"met": "2026-03-31T23:30:00+00:00"})

    assert filed() == {(mia.pk, "met", "2026-03-31")}


def test_what_was_stored_before_the_field_was_made_is_filed_when_it_is() -> None:
    mia = make.contact(custom_fields={"signed": "2026-01-02"})
    make.contact(custom_fields={"signed": "soon"})

    make.field("signed", "date")

    assert filed() == {(mia.pk, "signed", "2026-01-02")}


def test_another_kind_files_anew(renewal: CustomField) -> None:
    mia = make.contact(custom_fields={**RENEWAL, "note": "2026-01-01"})

    renewal.kind = "text"
    renewal.save()
    assert filed() == set()

    note = CustomField.objects.get(key="note")
    note.kind = "date"
    note.save()
    assert filed() == {(mia.pk, "note", "2026-01-01")}


def test_another_label_leaves_the_rows_alone(renewal: CustomField) -> None:
    make.contact(custom_fields=RENEWAL)
    before = DatedValue.objects.get().pk

    renewal.label = "Renewal of the contract"
    renewal.save()

    assert DatedValue.objects.get().pk == before


def test_a_contact_without_dates_costs_no_look_at_them(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        dating._after_save(Contact(pk=1, first_name="Mia"), created=True, update_fields=None)
        dating._after_save(Contact(pk=1), created=False, update_fields=["city"])


def test_files_in_batches_as_many_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dating, "CHUNK", 2)
    Contact.objects.bulk_create(
        [Contact(first_name=f"c{n}", custom_fields={"seen": f"2026-01-0{n}"}) for n in range(1, 8)]
    )

    field = make.field("seen", "date")
    Contact.objects.update(birth_date=date(1990, 1, 1))

    assert DatedValue.objects.filter(field=field).count() == 7
    assert DatedValue.objects.filter(field=None).count() == 7
    assert dating.rebuild(field) == 7
