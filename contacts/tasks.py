"""The tasks of contacts: each looks for what is due and calls one function. None carries data; all may run twice."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from contacts.dedupe import duplicates
from contacts.importing import working
from contacts.models import DuplicateSearch
from contacts.privacy import forgetting
from contacts.todo import reminding
from triggers import poke

# Name and queue.
IMPORT: Final = ("contacts.import", "bulk")
DUPLICATES: Final = ("contacts.find_duplicates", "bulk")
FORGETTING: Final = ("contacts.go_on_forgetting", "bulk")
REMINDERS: Final = ("contacts.remind", "fast")


# Reading a large workbook takes longer than other tasks may; each of its portions renews the import's lease.
@shared_task(name=IMPORT[0], soft_time_limit=600, time_limit=630)
def go_on_importing() -> None:
    """Works on the imports that are due, and asks for another turn while some are."""
    working.go_on()
    if working.due_lanes(timezone.now()):
        poke.send(*IMPORT)


@shared_task(name=DUPLICATES[0])
def find_duplicates() -> None:
    """Looks for contacts that are stored twice, and asks for another turn while there are more to look at."""
    if not DuplicateSearch.objects.exists():
        duplicates.ask()
    duplicates.go_on()
    if duplicates.due_lanes(timezone.now()):
        poke.send(*DUPLICATES)


@shared_task(name=FORGETTING[0])
def go_on_forgetting() -> None:
    """Blanks what is left of people who asked to be forgotten."""
    forgetting.go_on()
    if forgetting.is_due(timezone.now()):
        poke.send(*FORGETTING)


@shared_task(name=REMINDERS[0])
def remind() -> None:
    """Tells people of their tasks whose reminder is due."""
    while reminding.remind(timezone.now()):
        pass
