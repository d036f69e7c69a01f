"""Inbound webhooks in the admin: the form, the buttons, and what came in."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from capture import services
from capture.intake import take_in
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make
from contacts.tests.make import user

pytestmark = pytest.mark.django_db
LIST = "/admin/capture/inboundwebhook/"


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(user("boss", is_staff=True, is_superuser=True))
    return client


def form(**values: Any) -> dict[str, Any]:
    return {
        "name": "Quotes",
        "active": "on",
        "per_minute": "300",
        "signature": "none",
        "hmac_header": "X-Signature",
        "hmac_prefix": "sha256=",
        "hmac_encoding": "hex",
        "mapping": '{"email": "contact.email"}',
        "match_by": ["email", "phone"],
        "requests-TOTAL_FORMS": "0",
        "requests-INITIAL_FORMS": "0",
        **values,
    }


def told(client: Client, address: str) -> list[str]:
    return [str(message) for message in client.get(address).context["messages"]]


def test_the_token_of_a_new_webhook_is_shown_once(boss: Client) -> None:
    answer = boss.post(f"{LIST}add/", form())

    assert answer.status_code == 302
    webhook = InboundWebhook.objects.get()
    assert (webhook.mapping, webhook.match_by) == ({"email": "contact.email"}, ["email", "phone"])
    first = [line for line in told(boss, LIST) if "/in/" in line]
    token = first[0].split("/in/")[1].split("/")[0]
    assert services.by_token(token, timezone.now()) == webhook
    assert token not in boss.get(f"{LIST}{webhook.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"mapping": '{"e_mail": "x"}'}, "mapping", "e_mail: There is no such contact field. Did you mean email?"),
        ({"mapping": '{"email": '}, "mapping", "Line 1, column 11: Expecting value."),
        ({"mapping": '["email"]'}, "mapping", 'A mapping is an object, such as {"email": "contact.email"}.'),
        ({"match_by": []}, "match_by", "This field is required."),
        ({"match_by": ["name"]}, "match_by", "Select a valid choice. name is not one of the available choices."),
        ({"signature": "hmac"}, "secret", "Enter the secret the sender signs with."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(boss: Client, values: dict[str, Any], field: str, message: str) -> None:
    answer = boss.post(f"{LIST}add/", form(**values))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {field: [message]}
    assert not InboundWebhook.objects.exists()


def test_a_secret_is_never_shown_and_the_former_one_goes_on_working(boss: Client) -> None:
    webhook, _token = make.webhook(signature="hmac", secret="former secret")
    change = f"{LIST}{webhook.pk}/change/"

    kept = boss.post(change, form(signature="hmac", secret="", name="Renamed"))
    webhook.refresh_from_db()
    assert kept.status_code == 302
    assert (webhook.name, webhook.secret, webhook.previous_secret) == ("Renamed", "former secret", "")

    boss.post(change, form(signature="hmac", secret="newer secret"))
    webhook.refresh_from_db()
    assert services.valid_secrets(webhook, timezone.now()) == ["newer secret", "former secret"]
    page = boss.get(change).content.decode()
    assert "newer secret" not in page
    assert "former secret" not in page


def test_a_new_token_is_made_by_a_button_and_shown_once(boss: Client) -> None:
    webhook, old = make.webhook()

    answer = boss.post(f"{LIST}{webhook.pk}/do/rotate/")

    lines = told(boss, answer["Location"])
    token = lines[0].split("/in/")[1].split("/")[0]
    webhook.refresh_from_db()
    assert answer["Location"] == f"{LIST}{webhook.pk}/change/"
    assert services.by_token(token, timezone.now()) == webhook
    assert services.by_token(old, timezone.now()) == webhook
    assert webhook.token_last4 == token[-4:]
    assert lines[1] == "The former address works for 24 hours more."
    assert LogEntry.objects.get().get_change_message() == "New token."


def test_a_sample_is_captured_by_a_button_and_mapped_by_another(boss: Client) -> None:
    webhook, _token = make.webhook()

    boss.post(f"{LIST}{webhook.pk}/do/capture/")
    webhook.refresh_from_db()
    assert webhook.capturing is True
    take_in(webhook, make.sent({"email": "mia@example.org"}), timezone.now())
    page = boss.get(f"{LIST}{webhook.pk}/change/").content.decode()
    boss.post(f"{LIST}{webhook.pk}/do/adopt/")

    assert "mia@example.org" in page
    assert "Map from the sample" in page
    webhook.refresh_from_db()
    assert webhook.mapping == {"email": "email"}


@pytest.mark.parametrize("door", ["rotate", "capture", "adopt"])
def test_buttons_work_by_post_for_those_who_may_change(boss: Client, door: str) -> None:
    webhook, _token = make.webhook()
    before = InboundWebhook.objects.values().get()
    onlooker = user("onlooker", is_staff=True)
    onlooker.user_permissions.add(Permission.objects.get(codename="view_inboundwebhook"))
    looking = Client()
    looking.force_login(onlooker)

    assert boss.get(f"{LIST}{webhook.pk}/do/{door}/").status_code == 405
    assert looking.post(f"{LIST}{webhook.pk}/do/{door}/").status_code == 403
    assert Client().post(f"{LIST}{webhook.pk}/do/{door}/").status_code == 302
    assert boss.post(f"{LIST}999/do/{door}/").status_code == 404
    assert InboundWebhook.objects.values().get() == before
    assert "New token" not in looking.get(f"{LIST}{webhook.pk}/change/").content.decode()


def test_the_lists_and_pages_show_what_came_in(boss: Client) -> None:
    webhook, _token = make.mapped()
    sent = make.sent({"contact": {"first_name": "<b>Mia</b>", "email": "mia@"}}, webhook_id="msg_1")
    taken = take_in(webhook, sent, timezone.now())
    request = InboundRequest.objects.get()

    listed = boss.get(LIST).content.decode()
    changed = boss.get(f"{LIST}{webhook.pk}/change/").content.decode()
    requests = boss.get(f"/admin/capture/inboundrequest/?webhook__id__exact={webhook.pk}").content.decode()
    one = boss.get(f"/admin/capture/inboundrequest/{request.pk}/change/").content.decode()

    assert webhook.token_last4 in listed
    for page in (changed, requests, one):
        assert "msg_1" in page
        assert str(taken.event_id) in page
    assert "email: Enter a valid email address." in changed
    assert "&lt;b&gt;Mia&lt;/b&gt;" in one
    assert "<b>Mia" not in one


def test_the_page_says_in_a_sentence_whether_anything_comes_in(boss: Client) -> None:
    webhook, _token = make.mapped()
    page = f"{LIST}{webhook.pk}/change/"

    def sentence() -> str:
        return str(boss.get(page).context["sentence"])

    assert sentence() == "Nothing has come in yet. Send a request to its address."

    five_minutes_ago = timezone.now() - timedelta(minutes=5, seconds=1)
    take_in(webhook, make.sent({"contact": {"first_name": "Mia"}}), timezone.now() - timedelta(hours=25))
    take_in(webhook, make.sent({"contact": {"first_name": "Tom"}}), five_minutes_ago)
    assert sentence() == "1 request in the last 24 hours, the latest 5\xa0minutes ago."

    take_in(webhook, make.sent({"contact": {"first_name": "Ida", "phone": "?"}}), five_minutes_ago)
    assert sentence() == (
        "2 requests in the last 24 hours, the latest 5\xa0minutes ago. 1 held something that could not be stored."
    )

    InboundWebhook.objects.update(active=False)
    assert sentence() == "Switched off: who sends gets 410 Gone, and nothing is stored."


def test_only_the_latest_requests_stand_on_the_webhooks_page(boss: Client) -> None:
    webhook, _token = make.webhook()
    for number in range(12):
        take_in(webhook, make.sent({"n": number}, webhook_id=f"msg_{number:02}"), timezone.now())

    page = boss.get(f"{LIST}{webhook.pk}/change/").content.decode()

    assert [number for number in range(12) if f"msg_{number:02}" in page] == list(range(2, 12))


def test_requests_are_not_written_by_hand(boss: Client) -> None:
    webhook, _token = make.webhook()
    take_in(webhook, make.sent({}), timezone.now())
    request = InboundRequest.objects.get()

    assert boss.get("/admin/capture/inboundrequest/add/").status_code == 403
    assert boss.post(f"/admin/capture/inboundrequest/{request.pk}/change/", {"status": "failed"}).status_code == 403


def test_saving_a_webhook_with_requests_keeps_them(boss: Client) -> None:
    webhook, _token = make.webhook()
    take_in(webhook, make.sent({}), timezone.now())

    answer = boss.post(f"{LIST}{webhook.pk}/change/", form(mapping=json.dumps({})))

    assert answer.status_code == 302
    assert InboundRequest.objects.count() == 1
