"""The tasks of conversations: each looks for what is due and calls one function. All may run twice."""

from celery import shared_task
from django.utils import timezone

from conversations import replying
from conversations.inbound import fetching, polling
from triggers import poke
from triggers.models.event import Lane


# A slow mail server takes its time; the account's lease is longer still.
@shared_task(name=polling.TASK[0], soft_time_limit=240, time_limit=270)
def fetch_mail() -> None:
    """Asks one mail account that is due, and asks for another turn while there are more."""
    polling.work(Lane.FAST, timezone.now())
    if polling.due_lanes(timezone.now()):
        poke.send(*polling.TASK)


@shared_task(name=replying.TASK[0])
def send_replies() -> None:
    """Sends what staff wrote by hand."""
    while replying.work(Lane.FAST, timezone.now()):
        pass


# Up to four addresses for a file, each with its own bound; the lease is longer still.
@shared_task(name=fetching.TASK[0], soft_time_limit=120, time_limit=150)
def fetch_attachments() -> None:
    """Fetches one file that is due, and asks for another turn while there are more."""
    fetching.work(Lane.FAST, timezone.now())
    if fetching.due_lanes(timezone.now()):
        poke.send(*fetching.TASK)
