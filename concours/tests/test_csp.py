"""The Content-Security-Policy: on every response, with one narrow exception, and no page that breaks it."""

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from capture.models import InboundWebhook
from capture.services import create as create_webhook
from concours.csp import HEADER, POLICY, ContentSecurityPolicyMiddleware
from contacts.tests import make as contacts
from conversations.models import Message
from pipelines.models import Video
from pipelines.tests.maps import make as maps
from triggers import sweeping
from triggers.models import Destination, Event, Miss, Notice, Organisation, Run
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def furnish(client: Client) -> None:
    """At least one row of what the product keeps."""
    me = int(client.session["_auth_user_id"])
    Organisation.objects.create(name="Brandt Küchen")
    make.workflow(make.action("w", "wait.duration", days=2))
    make.workflow(name="Misses", triggers=[{
        **make.TAGGED, "conditions": {"field": "contact.country", "op": "is", "value": "DE"},
    }])  # fmt: skip
    mia = contacts.contact()
    contacts.tag("VIP", mia), contacts.note(mia), contacts.task(mia)
    Message.objects.create(contact=mia, direction="out", subject="Welcome", status="sent")
    Destination.objects.create(key="https://erp.example", status="held", reason="401")
    Notice.objects.create(user_id=me, text="Paused.")
    maps.assigned("V video v!", "T1 flex a! b~", "T2 std c!")
    Video.objects.create(name="Film", url="https://films.example/1.mp4")
    create_webhook("Website", owner=contacts.user("owner"), mapping={})
    sweeping.drain()
    assert Run.objects.exists()
    assert Miss.objects.exists()


def addresses(client: Client) -> list[str]:
    """Every list, every form for a new row, and the page, history and deletion of a first one."""
    found = [
        reverse("admin:index"), reverse("admin:find") + "?q=mia", reverse("admin:triggers_explain"),
        reverse("admin:pipelines_what_if") + "?map=1",
        reverse("admin:password_change"), reverse("admin:app_list", args=["triggers"]),
    ]  # fmt: skip
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
        row = model._default_manager.first()
        if row is not None:
            found += [reverse(f"{base}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    return found


def test_no_page_of_the_admin_holds_what_the_policy_refuses() -> None:
    client = visit.boss()
    furnish(client)
    seen, refused = 0, {}

    for address in addresses(client):
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 403), address
        seen += answer.status_code == 200
        inline = visit.refused_by_policy(answer.content.decode())
        if inline:
            refused[address] = inline

    assert refused == {}
    assert seen > 70


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/", "/api/v1/", "/nowhere", "/api/v1/schema/"])
def test_every_response_carries_the_policy(address: str) -> None:
    assert Client().get(address)[HEADER] == POLICY


def test_the_page_of_the_api_alone_may_have_styles_in_it() -> None:
    policy = visit.boss().get("/api/v1/docs/")[HEADER]

    assert policy.startswith(POLICY)
    assert policy.removeprefix(POLICY) == "; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    assert "script-src" not in policy


def test_a_response_with_a_policy_of_its_own_keeps_it() -> None:
    own = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse(headers={HEADER: "default-src 'none'"}))

    assert own(RequestFactory().get("/"))[HEADER] == "default-src 'none'"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<p style="color:red">x</p>', ["<p style>"]),
        ("<style>a{}</style>", ["<style>a{}"]),
        ("<script>go()</script>", ["<script>go()"]),
        ('<a onclick="go()">x</a>', ["<a onclick>"]),
        ('<img src="data:image/png;base64,x">', ["<img src>"]),
        ('<script src="/static/a.js"></script><script type="application/json">{}</script>', []),
    ],
)
def test_the_test_itself_finds_what_is_refused(page: str, found: list[str]) -> None:
    assert visit.refused_by_policy(page) == found


def test_events_and_webhooks_have_pages_too() -> None:
    client = visit.boss()
    furnish(client)
    pages = addresses(client)

    assert reverse("admin:triggers_event_change", args=[Event.objects.first().pk]) in pages
    assert reverse("admin:capture_inboundwebhook_change", args=[InboundWebhook.objects.first().pk]) in pages
