"""`python -m concours.bench.pokes COUNT`: sends so many pokes and returns when the workers have taken the last."""

import sys
from time import sleep

import django
from celery import current_app

from concours.celery import app
from triggers import poke


def send(count: int) -> None:
    """Sends the pokes and waits until their queue is empty."""
    for _n in range(count):
        poke.send("triggers.match", "fast")
    with current_app.connection_for_read() as broker:
        queue = current_app.amqp.queues["fast"].bind(broker.default_channel)
        # A passive declaration asks the broker how many wait.
        while queue.queue_declare(passive=True).message_count:  # type: ignore[union-attr]
            sleep(0.05)


if __name__ == "__main__":
    app.set_default()
    django.setup()
    send(int(sys.argv[1]))
