"""What goes on in the background with contacts: each task calls one function. None carries data; all may run twice."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from contacts import duplicates, forgetting
from contacts.models import DuplicateSearch
from triggers import poke

DUPLICATES: Final = ("contacts.find_duplicates", "bulk")
FORGETTING: Final = ("contacts.go_on_forgetting", "bulk")


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
