"""Rows into records, through the whole way from a file: bad input is told in words, at its line and column."""

import pytest

from contacts.importing import steps
from contacts.models import Contact, DndChange
from contacts.tests import make as people
from contacts.tests.importing import make

pytestmark = pytest.mark.django_db


def test_what_is_wrong_is_told_by_line_and_column() -> None:
    job = make.checked(
        "First name,Email,Phone,Birthday,Country\n"
        "Mia,mia(at)example.org,,,\n"
        "Tom,tom@example.org,12,30.02.1990,Atlantis\n"
        ",,,,\n"
        "Ada,ada+crm@example.org,030 901820,29.02.1984,Deutschland\n"
        ",,,1.1.1990,\n"
        "Eve,eve@example.org,,,,,too,many\n"
    )

    assert make.findings(job) == [
        (2, "Email", "Enter a valid email address."),
        (3, "Country", "“ATLANTIS” is no country. Enter its two letters, such as DE."),
        (3, "Phone", "Enter the phone number with its country code, such as +49 30 123456, or choose a country."),
        (3, "Birthday", "There is no day “30.02.1990”."),
        (6, "", "Nothing says who this is: no name, company, e-mail, phone number or external id."),
        (7, "", "The row has 8 cells, and the header names 5 columns."),
    ]
    assert [record for record in make.records(job) if record] == [{
        "country": "DE", "first_name": "Ada", "email": "ada+crm@example.org", "phone": "+4930901820",
        "phone_raw": "030 901820", "birth_date": "1984-02-29",
    }]  # fmt: skip
    assert Contact.objects.count() == 0


def test_bad_values_can_be_left_out_and_the_rest_imported() -> None:
    job = make.imported("First name,Email\nMia,broken\n,broken too\n", bad_values="leave_out")

    assert (job.created, job.refused, job.problems) == (1, 1, 2)
    assert Contact.objects.get().first_name == "Mia"


@pytest.mark.parametrize(
    ("country", "written", "number"),
    [
        ("DE", "030 901820", "+4930901820"),
        ("DE", "(0171) 234 56 78", "+491712345678"),
        ("FR", "06 20 26 68 94", "+33620266894"),
        ("GB", "020 7946 0295", "+442079460295"),
        ("US", "(512) 555-0126", "+15125550126"),
        ("ES", "649 352 311", "+34649352311"),
        ("IT", "06 698 12345", "+390669812345"),
        ("PL", "538 993 976", "+48538993976"),
        ("SE", "070-174 06 29", "+46701740629"),
        ("GR", "694 760 3410", "+306947603410"),
        ("TR", "0534 455 42 76", "+905344554276"),
        ("IL", "052-723-5321", "+972527235321"),
        ("EG", "010 6136 9800", "+201061369800"),
        ("NG", "0803 370 4922", "+2348033704922"),
        ("IN", "098836 68511", "+919883668511"),
        ("CN", "138 6545 5950", "+8613865455950"),
        ("JP", "090-2736-4938", "+819027364938"),
        ("KR", "010-2205-2946", "+821022052946"),
        ("BR", "(11) 99216-2527", "+5511992162527"),
        ("AU", "0412 345 678", "+61412345678"),
        ("UA", "067 351 82 67", "+380673518267"),
        ("DE", "+33 6 20 26 68 94 ext. 12", "+33620266894"),
        ("JP", "＋81 90-2736-4938", "+819027364938"),
    ],
)
def test_phone_numbers_as_nations_write_them(country: str, written: str, number: str) -> None:
    job = make.checked(f"Name,Phone,Country\nMia,{written},{country}\n")

    assert make.findings(job) == []
    assert make.records(job)[0]["phone"] == number


def test_names_in_every_script_stay_as_they_are() -> None:
    names = ["נועה", "محمد علي", "さくら", "Łukasz", "प्रिया", "🌞 Sunny 👩‍👩‍👧", "Nguyễn"]

    make.imported("First name\n" + "".join(f"{name}\n" for name in names))

    assert set(Contact.objects.values_list("first_name", flat=True)) == set(names)


def test_several_columns_and_cells_with_several_values() -> None:
    job = make.checked(
        "Name,Email,E-mail 2 - Value,Phone,Mobile,Tags\n"
        '"Lovelace, Ada",,"a@example.org ::: b@example.org",,+49 30 123456 / +49 30 123457,"* myContacts ::: VIP"\n',
    )

    assert make.records(job) == [{
        "first_name": "Ada", "last_name": "Lovelace", "email": "a@example.org", "extra_emails": ["b@example.org"],
        "phone": "+4930123456", "phone_raw": "+4930123456", "extra_phones": ["+4930123457"], "+tags": ["VIP"],
    }]  # fmt: skip


def test_a_full_name_only_fills_in() -> None:
    job = make.checked("Name,First name,Last name\nAda King,,\nX,Ada,Lovelace\nWeiß,,Weiß\n")

    assert [(r.get("first_name"), r.get("last_name")) for r in make.records(job)] == [
        ("Ada", "King"), ("Ada", "Lovelace"), (None, "Weiß"),
    ]  # fmt: skip


def test_unsubscribed_closes_email_and_no_opens_nothing() -> None:
    job = make.checked("Name,Unsubscribed,DND\nAda,true,\nTom,no,\nEve,,all\nMax,maybe,\n")

    assert [(r or {}).get("dnd") for r in make.records(job)] == [{"email": True}, None, {"all": True}, None]
    assert make.findings(job) == [(5, "Unsubscribed", "“maybe” is neither yes nor no.")]


def test_a_column_becomes_a_custom_field() -> None:
    people.field("shoe_size", "number")
    people.field("likes", "multi_choice", choices=["tea", "oak"])
    people.field("budget", "money", currency="EUR")
    text = "Name,Shoe size,custom_fields.likes,Budget\nAda,38,oak; tea,12.5 USD\nBen,big,,\n"

    job = make.imported(text)

    ada = Contact.objects.get(first_name="Ada")
    assert ada.custom_fields == {
        "shoe_size": 38, "likes": ["tea", "oak"], "budget": {"amount": "12.50", "currency": "USD"},
    }  # fmt: skip
    [(line, place, why)] = make.findings(job)
    assert (line, place, why) == (3, "Shoe size", "Enter a number such as 1234.5, without separators.")


def test_owners_are_found_by_what_people_call_them() -> None:
    ana = people.user("ana", first_name="Ana", last_name="Souza", email="ana@example.org")
    job = make.checked(
        "Name,Owner\nA,ana\nB,ANA@example.org\nC,Ana Souza\nD,Nobody\n", {"0": "first_name", "1": "owner"}
    )

    assert [(r or {}).get("owner_id") for r in make.records(job)] == [ana.pk, ana.pk, ana.pk, None]
    assert make.findings(job) == [(5, "Owner", "There is no user “Nobody”.")]


def test_formulas_are_texts() -> None:
    make.imported("Name,Company\n'=1+1,=1+1\n", {"0": "first_name", "1": "company"})

    assert list(Contact.objects.values_list("first_name", "company")) == [("=1+1", "=1+1")]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({}, "Choose what at least one column means."), ({"7": "email"}, "The file has no such column."),
        ({"0": "password"}, "A contact has no field “password”."), ({"0": "custom_fields.__x"}, "A contact has no field"),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_is_refused(mapping: dict[str, str], why: str) -> None:
    job = make.taken("Name,Email\nMia,\n")

    with pytest.raises(steps.Invalid, match=why):
        steps.choose(job, mapping, {})
    job.refresh_from_db()
    assert job.status == "new"


def test_custom_fields_of_kinds_that_files_spell_in_their_own_way() -> None:
    ana = people.user("ana", first_name="Ana", last_name="Souza")
    people.field("since", "date")
    people.field("keeper", "user")
    people.field("likes", "multi_choice", choices=["a", "b"])

    job = make.checked("Name,Since,Keeper,Likes\nAda,3.4.2020,Ana Souza,b; A\nTom,30.2.2020,,c\n")

    assert make.records(job)[0]["custom_fields"] == {"since": "2020-04-03", "keeper": ana.pk, "likes": ["a", "b"]}
    assert [(line, column) for line, column, _message in make.findings(job)] == [(3, "Since"), (3, "Likes")]


def test_a_custom_field_that_was_archived_since_is_left_out() -> None:
    size = people.field("size", "number")
    job = make.checked("Name,Size\nAda,3\n")
    size.archived = True
    size.save()

    again = make.taken("Name,Size\nTom,4\n")
    assert again.mapping == {"0": "full_name"}
    steps.choose(job, {"0": "first_name"}, {})
    assert make.records(make.worked(job)) == [{"first_name": "Ada"}]


def test_a_birthday_with_its_year_is_better_than_one_without() -> None:
    make.imported("External id,Name,Birthday\n7,Eve,--04-15\n7,Eve,1990-04-15\n7,Eve,--01-01\n")

    eve = Contact.objects.get()
    assert (str(eve.birth_date), eve.yearless_birthday) == ("1990-04-15", "")


def test_channels_that_a_file_closes_are_written_down() -> None:
    make.imported("Email,Unsubscribed\na@example.org,yes\nb@example.org,no\n")

    change = DndChange.objects.get()
    assert (change.contact.email, change.channel, change.enabled, change.actor, change.reason) == (
        "a@example.org", "email", True, "import", "people.csv",
    )  # fmt: skip


def test_a_file_sets_no_score() -> None:
    assert make.taken("Name,Engagement score\nAda,100\n").mapping == {"0": "full_name"}
