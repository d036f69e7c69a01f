"""The pages of invoices and documents: by signed link alone, a look counts once, signing needs a name and a tick."""

import pytest

from commerce import links
from commerce.documents import signing, writing
from commerce.models import Document, DocumentTemplate
from commerce.tests import make
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_a_document_is_read_and_signed_by_its_link() -> None:
    template = DocumentTemplate.objects.create(name="A", title="Contract", body="Words <b>\n\nMore.")
    document = writing.write(template, contacts.contact())
    signing.send(document)
    page = path(links.of_document(document.pk))

    shown = make.VISITOR.get(page).content.decode()
    unticked = make.VISITOR.post(page, {"act": "sign", "signature": "Mia Brandt"})
    nameless = make.VISITOR.post(page, {"act": "sign", "signature": " ", "agreed": "yes"})
    done = make.VISITOR.post(page, {"act": "sign", "signature": "Mia Brandt", "agreed": "yes"})

    assert "Words &lt;b&gt;" in shown
    assert (unticked.status_code, nameless.status_code, done.status_code) == (422, 422, 302)
    assert Document.objects.get().status == "completed"
    assert "Mia Brandt" in make.VISITOR.get(page).content.decode()


def test_a_look_of_the_staff_or_of_a_program_is_none() -> None:
    invoice = make.invoice()
    page = path(links.of_invoice(invoice.pk))

    visit.boss().get(page, headers={"User-Agent": make.BROWSER})
    make.VISITOR.get(page, headers={"User-Agent": "curl/8"})
    make.VISITOR.head(page)
    invoice.refresh_from_db()
    before = invoice.status
    make.VISITOR.get(page)

    invoice.refresh_from_db()
    assert (before, invoice.status) == ("sent", "viewed")


def test_a_forged_link_and_a_draft_are_not_there() -> None:
    one, other, draft = make.invoice(), make.invoice(), make.invoice(sent=False)
    own, of_document = path(links.of_invoice(one.pk)), path(links.of_document(one.pk))
    assert make.VISITOR.get(own).status_code == 200

    forged = {
        "no signature": f"/invoice/{one.pk}/",
        "another's signature": own.replace(f"/{one.pk}:", f"/{other.pk}:"),
        "a document's signature": of_document.replace("/document/", "/invoice/"),
        "a draft": path(links.of_invoice(draft.pk)),
        "none of this number": path(links.of_invoice(draft.pk + 1)),
    }

    assert {why: make.VISITOR.get(page).status_code for why, page in forged.items()} == dict.fromkeys(forged, 404)
