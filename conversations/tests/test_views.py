"""The page as a mail program, a scanner and a person see it."""

from uuid import uuid4

import pytest
from django.test import Client

from contacts.models import Contact
from conversations import subscriptions
from conversations.models import Message, Suppression
from triggers.models import Event, Organisation
from triggers.tests import make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
ONE_CLICK = "application/x-www-form-urlencoded"


@pytest.fixture
def contact() -> Contact:
    return make.contact()


@pytest.fixture
def link(contact: Contact) -> str:
    sent = Message.objects.create(
        contact=contact, direction="out", key=uuid4(), to_address=contact.email, category="marketing"
    )
    return f"/u/{subscriptions.unsubscribe_url(sent.key).rstrip('/').rpartition('/')[2]}/"


def strict() -> Client:
    """A client that is asked for CSRF tokens, as browsers are."""
    return Client(enforce_csrf_checks=True)


def test_one_post_as_mail_programs_send_it_unsubscribes(contact: Contact, link: str) -> None:
    response = strict().post(link, "List-Unsubscribe=One-Click", content_type=ONE_CLICK)

    assert response.status_code == 200
    contact.refresh_from_db()
    assert contact.is_closed("email")
    assert Suppression.objects.get().address == "anna@example.org"


def test_the_page_speaks_the_contacts_language_else_the_browsers(contact: Contact, link: str) -> None:
    assert "sends e-mail to" in strict().get(link).content.decode()
    assert "sendet E-Mails an" in strict().get(link, headers={"Accept-Language": "de"}).content.decode()

    Contact.objects.filter(pk=contact.pk).update(language="German")
    response = strict().get(link, headers={"Accept-Language": "en"})

    assert "sendet E-Mails an" in response.content.decode()
    assert response["Content-Language"] == "de"


def test_a_multipart_post_unsubscribes_as_well(contact: Contact, link: str) -> None:
    assert strict().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200

    contact.refresh_from_db()
    assert contact.is_closed("email")


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(contact: Contact, link: str, method: str) -> None:
    for _ in range(3):
        response = getattr(strict(), method)(link, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200

    contact.refresh_from_db()
    assert contact.dnd == {}
    assert not Suppression.objects.exists()
    assert not Event.objects.filter(type="contact.changed").exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_off(link: str, method: str) -> None:
    assert getattr(strict(), method)(link).status_code == 405


def test_the_page_neither_sets_nor_needs_a_cookie_and_does_not_redirect(link: str) -> None:
    client = strict()

    for response in (client.get(link), client.post(link, "List-Unsubscribe=One-Click", content_type=ONE_CLICK)):
        assert response.status_code == 200
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"


def test_who_is_signed_in_at_the_browser_is_not_who_unsubscribed(link: str) -> None:
    client = strict()
    client.force_login(make.user())

    client.post(link, "List-Unsubscribe=One-Click", content_type=ONE_CLICK)

    told = Event.objects.get(type="contact.changed")
    assert (told.actor, told.actor_id, told.origin) == ("system", "", "unsubscribe link")


def test_the_page_says_who_writes_to_whom_without_the_whole_address(link: str) -> None:
    Organisation.objects.create(name="Example & Sons", postal_address="1 High Street\nLondon")

    page = strict().get(link).content.decode()

    assert "Example &amp; Sons sends e-mail to a…@example.org." in page
    assert "anna@example.org" not in page
    assert '<button type="submit" class="button primary" name="action" value="unsubscribe">Unsubscribe</button>' in page
    assert "1 High Street<br>London" in page


def test_a_person_leaves_and_comes_back_by_the_page(contact: Contact, link: str) -> None:
    client = strict()

    left = client.post(link, {"action": "unsubscribe"}).content.decode()
    contact.refresh_from_db()
    assert contact.is_closed("email")
    assert "a…@example.org is unsubscribed." in left
    assert 'value="resubscribe"' in left

    back = client.post(link, {"action": "resubscribe"}).content.decode()
    contact.refresh_from_db()
    assert not contact.is_closed("email")
    assert 'value="unsubscribe"' in back


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: f"x{token}", lambda token: "a:b"])
def test_a_forged_link_is_not_found_and_changes_nothing(contact: Contact, link: str, change: object) -> None:
    forged = f"/u/{change(link.split('/')[2])}/"

    assert strict().get(forged).status_code == 404
    assert strict().post(forged, "List-Unsubscribe=One-Click", content_type=ONE_CLICK).status_code == 404
    contact.refresh_from_db()
    assert contact.dnd == {}


def test_a_link_outlives_the_contact_and_says_so(contact: Contact, link: str) -> None:
    contact.delete()

    response = strict().post(link, "List-Unsubscribe=One-Click", content_type=ONE_CLICK)

    assert response.status_code == 200
    assert "has been erased" in response.content.decode()
    assert not Suppression.objects.exists()


def test_the_page_holds_no_script_and_no_style_of_its_own(link: str) -> None:
    page = strict().get(link).content.decode()

    assert "<script" not in page
    assert "<style" not in page
    assert "style=" not in page
