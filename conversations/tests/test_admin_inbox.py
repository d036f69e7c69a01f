"""The inbox as staff use it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from conversations import threads
from conversations.inbound.taking import Incoming, receive_message
from conversations.models import ConsoleMessage, Conversation, Message, Suppression
from triggers.sweeping import drain
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
INBOX = "/admin/conversations/conversation/"


def wrote(body: str = "Are you open?", number: str = "1", **values: Any) -> Conversation:
    """A thread in which Anna wrote this by SMS."""
    contact = Contact.objects.filter(phone=f"+493012345{number}").first()
    contact = contact or make.contact(**{"phone": f"+493012345{number}", **values})
    given = Incoming("sms", contact.phone, body, gateway="g", provider_id=f"{number}:{Message.objects.count()}")
    receive_message(given, timezone.now())
    return Conversation.objects.get(contact=contact)


def page(client: Client, thread: Conversation, **query: Any) -> str:
    answer = client.get(f"{INBOX}{thread.pk}/change/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(client: Client, **query: Any) -> list[str]:
    return [str(row) for row in client.get(INBOX, query).context["cl"].result_list]


def test_the_inbox_shows_who_waits_for_an_answer() -> None:
    client, clara = visit.boss(), make.user()
    wrote(number="1", first_name="Anna")
    mine = wrote(number="2", first_name="Bob")
    done = wrote(number="3", first_name="Carl")
    threads.assign(mine, clara)
    threads.read(mine)
    threads.close(done)

    assert names(client) == ["Bob", "Anna"]
    assert names(client, state="unread") == ["Anna"]
    assert names(client, state="done") == ["Carl"]
    assert names(client, state="all") == ["Carl", "Bob", "Anna"]
    assert names(client, who="nobody") == ["Anna"]
    assert names(client, who=str(clara.pk)) == ["Bob"]
    assert names(client, q="bob") == ["Bob"]
    text = client.get(INBOX).content.decode()
    assert "<strong>Anna</strong>" in text
    assert "1 unread" in text


def test_a_thread_shows_what_was_said_and_is_read_by_looking() -> None:
    client = visit.boss()
    thread = wrote("<script>alert(1)</script> Are you open?")

    text = page(client, thread)

    assert "Anna wrote a message." in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Are you open?" in text
    assert "<script>alert" not in text
    assert "SMS: +4930123451" in text
    assert Conversation.objects.get().unread == 0


def test_who_may_only_look_reads_nothing_and_has_no_box() -> None:
    thread = wrote()

    text = page(visit.staff("view_conversation"), thread)

    assert "Are you open?" in text
    assert "data-reply" not in text
    assert Conversation.objects.get().unread == 1
    answer = visit.staff("view_conversation", name="other").post(f"{INBOX}{thread.pk}/reply/", {"text": "x"})
    assert answer.status_code == 403


def test_an_answer_goes_out_and_the_thread_is_whose_wrote_it() -> None:
    client = visit.boss()
    thread = wrote()

    answer = client.post(f"{INBOX}{thread.pk}/reply/", {"channel": "sms", "text": "Until six."}, follow=True)
    drain()

    assert "On its way to Anna." in answer.content.decode()
    assert (ConsoleMessage.objects.get().text, ConsoleMessage.objects.get().to_address) == ("Until six.", "+4930123451")
    thread.refresh_from_db()
    assert thread.assignee.username == "boss"
    assert "Until six." in page(client, thread)


def test_a_refusal_brings_the_text_back_with_the_reason() -> None:
    client = visit.boss()
    thread = wrote()
    Suppression.objects.create(address="sms:+4930123451", reason="unsubscribe")

    text = client.post(f"{INBOX}{thread.pk}/reply/", {"channel": "sms", "text": "Until <six>."}).content.decode()

    assert "Not sent. Nobody may write to +4930123451: Unsubscribed." in text
    assert "Until &lt;six&gt;.</textarea>" in text
    assert not Message.objects.filter(direction="out").exists()


def test_the_box_says_before_what_stands_against_a_way() -> None:
    thread = wrote(dnd={"email": True})

    text = page(visit.boss(), thread)

    assert '<option value="email" disabled>' in text
    assert "Anna must not be disturbed by E-mail." in text


@pytest.mark.parametrize("given", [{}, {"channel": "sms"}, {"channel": "x" * 50, "text": "a"}, {"text": "Hello"},
                                   {"channel": "fax", "text": "Hello"}, {"channel": "sms", "text": "a" * 30_000}])  # fmt: skip
def test_odd_posts_are_answered_with_the_page(given: dict[str, str]) -> None:
    thread = wrote()

    answer = visit.boss().post(f"{INBOX}{thread.pk}/reply/", given)

    assert answer.status_code == 200
    assert "Not sent." in answer.content.decode()
    assert not Message.objects.filter(direction="out").exists()


def test_done_leads_to_the_one_that_has_waited_longest() -> None:
    client = visit.boss()
    first, second, third = (wrote(number=number) for number in "123")
    Conversation.objects.filter(pk=third.pk).update(last_at=timezone.now() - timedelta(days=1))

    answer = client.post(f"{INBOX}{first.pk}/do/done/")

    assert answer["Location"] == f"{INBOX}{third.pk}/change/"
    first.refresh_from_db()
    assert first.status == "closed"
    client.post(f"{INBOX}{third.pk}/do/done/")
    assert client.post(f"{INBOX}{second.pk}/do/done/")["Location"] == INBOX


def test_a_thread_is_taken_given_away_and_opened_again() -> None:
    client, thread = visit.boss(), wrote()
    make.user("clara", is_staff=True)

    client.post(f"{INBOX}{thread.pk}/do/take/")
    assert Conversation.objects.get().assignee.username == "boss"
    client.post(f"{INBOX}{thread.pk}/do/assign/", {"said": "clara"})
    assert Conversation.objects.get().assignee.username == "clara"
    text = client.post(f"{INBOX}{thread.pk}/do/assign/", {"said": "nobody-here"}, follow=True).content.decode()
    assert "There is no user “nobody-here”." in text
    client.post(f"{INBOX}{thread.pk}/do/assign/", {"said": ""})
    assert Conversation.objects.get().assignee is None
    threads.close(thread)
    client.post(f"{INBOX}{thread.pk}/do/reopen/")
    assert Conversation.objects.get().status == "open"


def test_a_long_thread_is_read_page_by_page() -> None:
    client, thread = visit.boss(), wrote("first of all")
    for number in range(60):
        wrote(f"number {number}.")

    newest = page(client, thread)
    assert "first of all" not in newest
    older = client.get(f"{INBOX}{thread.pk}/change/").context["older"]
    assert "first of all" in page(client, thread, before=older)
    assert page(client, thread, before="x")


def test_a_list_of_many_threads_asks_no_more_than_one_of_few(django_assert_max_num_queries: Any) -> None:
    client = visit.boss()
    for number in range(8):
        wrote(number=str(number))
    client.get(INBOX)

    with django_assert_max_num_queries(14):
        client.get(INBOX)


def test_an_empty_inbox_says_what_will_come_and_a_full_one_counts_conversations() -> None:
    boss = visit.boss()
    assert "Nobody waits for an answer" in visit.text(boss, INBOX)
    assert "Nothing fits these filters." in visit.text(boss, f"{INBOX}?state=unread")

    for number in "123":
        wrote(number=number)

    assert "3 conversations" in visit.text(boss, INBOX)
