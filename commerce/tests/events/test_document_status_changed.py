"""document.status_changed: sent, looked at, signed, completed; each by itself."""

from datetime import timedelta

import pytest

from commerce.documents import signing, writing
from commerce.documents.signing import Who
from commerce.models import Document, DocumentTemplate
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db
MIA = Who("Mia", "203.0.113.5", "Firefox")


def document(**values: bool) -> Document:
    template = DocumentTemplate.objects.create(
        name="Contract", title="Contract of {{ contact.first_name }}",
        body="Between {{ organisation.name }} and {{ contact.name }}.",
        **values,
    )  # fmt: skip
    made = writing.write(template, contacts.contact(), value=1200)
    signing.send(made, make.NOON)
    return made


def told() -> list[str]:
    return [e.data["status"] for e in contacts.events("document.status_changed")]


def test_looked_at_signed_and_complete() -> None:
    made = document()

    signing.view(made, make.NOON, MIA)
    signing.view(made, make.NOON, MIA)
    signing.sign(made, "  Mia   Brandt ", make.NOON, MIA)

    event = contacts.events("document.status_changed")[0]
    assert told() == ["sent", "viewed", "signed", "completed"]
    assert (made.name, made.body, made.signature) == ("Contract of Mia", "Between Concours and Mia.", "Mia Brandt")
    assert [(mark.what, mark.who, mark.address) for mark in made.marks.all()][1:3] == [
        ("viewed", "Mia", "203.0.113.5"), ("signed", "Mia Brandt", "203.0.113.5"),
    ]  # fmt: skip
    assert starts(event, statuses=["sent"], templates=[made.template_id], recipient="contact", amount_min=1200)
    assert not starts(event, recipient="user")
    assert not starts(event, amount_max=1199)


def test_countersigned_it_is_complete_only_then() -> None:
    made = document(countersigned=True)
    with pytest.raises(Invalid, match="once the other side"):
        signing.countersign(made, "Clara", make.NOON, Who("Clara"))

    signing.sign(made, "Mia Brandt", make.NOON, MIA)
    between = made.status
    signing.countersign(made, "Clara", make.NOON, Who("Clara"))

    assert (between, made.status, told()) == ("signed", "completed", ["sent", "signed", "completed"])


def test_what_was_changed_after_sending_or_is_over_is_not_signed() -> None:
    made = document()
    Document.objects.filter(pk=made.pk).update_untold(body="Other words.")
    with pytest.raises(Invalid, match="not the one that was sent"):
        signing.sign(made, "Mia Brandt", make.NOON, MIA)

    late = make.NOON + timedelta(days=31)
    with pytest.raises(Invalid, match="to be signed until"):
        signing.sign(made, "Mia Brandt", late, MIA)
    count = signing.expire(late)

    made.refresh_from_db()
    assert (count, made.status, made.signature) == (1, "expired", "")
    with pytest.raises(Invalid, match="cannot be signed any more"):
        signing.decline(made, "", late, MIA)
