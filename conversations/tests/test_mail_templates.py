"""Mail templates: checked as they are saved, and what mails say from then on."""

from typing import Any

import pytest

from conversations.models import MailboxMail, MailTemplate
from triggers.models import Run
from triggers.problems import Invalid
from triggers.sweeping import drain
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.api import calls

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
ADMIN, API = "/admin/conversations/mailtemplate/", "/api/v1/mail-templates/"
HELLO = "Hello {{ contact.first_name }}, from {{ organisation.name }}"


def kept(**values: str) -> MailTemplate:
    made = MailTemplate(**{"name": "Welcome", "text": HELLO, **values})
    made.full_clean()
    made.save()
    return made


def sending(**config: Any) -> Any:
    return make.workflow(make.action("a1", "email.send", subject="Hi", **config))


def test_a_mail_says_what_the_template_says_when_it_goes(mailbox: None) -> None:
    template = kept(html="<p>Hello <b>{{ contact.first_name }}</b></p>")
    sending(template="welcome", category="transactional")
    template.text = "Good day {{ contact.first_name }}"
    template.save()

    make.tag(make.contact(first_name="<Anna>"))
    drain()

    mail = MailboxMail.objects.get()
    assert mail.text.strip() == "Good day <Anna>"
    assert "<b>&lt;Anna&gt;</b>" in mail.html


@pytest.mark.parametrize(
    ("config", "field", "why"),
    [
        ({"template": "nothing"}, "template", "There is no mail template “nothing”."),
        ({"template": "welcome", "text": "x"}, "template", "Write the message here, or choose a template, not both."),
        ({}, "text", "The mail is empty. Write its text, its HTML, or both."),
    ],
)
def test_what_cannot_be_sent_is_not_published(config: dict[str, str], field: str, why: str) -> None:
    kept()

    with pytest.raises(Invalid) as refused:
        sending(**config)

    assert [(problem.path[-1], problem.message) for problem in refused.value.problems] == [(field, why)]


def test_a_template_that_is_gone_fails_the_mail(mailbox: None) -> None:
    kept()
    sending(template="welcome")
    MailTemplate.objects.all().delete()
    make.tag(make.contact())

    drain()

    assert Run.objects.get().actions.get().error == "There is no mail template “welcome”."
    assert not MailboxMail.objects.exists()


REFUSED = [
    ({"text": "{{ contact.frist_name }}"}, "text"), ({"text": "{{ event.tag }}"}, "text"), ({"text": "{{ run.id }}"}, "text"),
    ({"html": "{% include 'x' %}"}, "html"), ({"text": "{{ contact"}, "text"), ({"text": " ", "html": ""}, "text"),
    ({"name": ""}, "name"), ({"text": "x" * 20_001}, "text"), ({"text": "{{ vars.x }}"}, "text"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_what_is_wrong_is_told_at_its_field(given: dict[str, str], field: str) -> None:
    values = {"name": "Welcome", "text": HELLO, "html": "", **given}

    answer = calls.client("messages:write").post(API, values)
    page = visit.boss().post(f"{ADMIN}add/", values)

    assert (answer.status_code, set(calls.errors(answer))) == (400, {field})
    assert page.status_code == 200
    assert not MailTemplate.objects.exists()


def test_over_the_api_it_is_kept_changed_and_taken_away() -> None:
    api = calls.client("messages:read", "messages:write")

    made = api.post(API, {"name": "Welcome", "text": HELLO}).json()
    changed = api.patch(f"{API}{made['id']}/", {"name": "Greeting", "html": "<p>Hi"}).json()

    assert (changed["key"], changed["name"], changed["html"]) == ("welcome", "Greeting", "<p>Hi")
    assert api.patch(f"{API}{made['id']}/", {"text": "{{ x.y }}"}).status_code == 400
    [listed] = api.get(API, {"key": "welcome"}).json()["results"]
    assert "text" not in listed
    assert api.delete(f"{API}{made['id']}/").status_code == 204
