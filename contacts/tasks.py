"""The tasks of contacts: each looks for what is due and calls one function. None carries data; all may run twice."""

from celery import shared_task
from django.utils import timezone

from contacts.importing import working
from triggers import poke

IMPORT = ("contacts.import", "bulk")


# Reading a large workbook takes longer than other tasks may; each of its portions renews the import's lease.
@shared_task(name=IMPORT[0], soft_time_limit=600, time_limit=630)
def go_on_importing() -> None:
    """Works on the imports that are due, and asks for another turn while some are."""
    working.go_on()
    if working.due_lanes(timezone.now()):
        poke.send(*IMPORT)
