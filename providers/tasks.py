"""The task of deliveries: looks for what is due and calls one function. It carries no data and may run twice."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from providers import working
from triggers import poke

# Name and queue: some of it is asked outside, which must not keep what people do waiting.
DELIVERIES: Final = ("providers.go_on", "outside")
ROUNDS: Final = 20


@shared_task(name=DELIVERIES[0])
def go_on() -> None:
    """Does what deliveries ask for, and asks for another turn while more is due."""
    for _round in range(ROUNDS):
        if not working.go_on():
            return
    if working.due_lanes(timezone.now()):
        poke.send(*DELIVERIES)
