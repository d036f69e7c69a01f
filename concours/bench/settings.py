"""The settings of the processes that a benchmark starts: the product's, with the scratch database and own queues.

`children.environment` sets what is read here. Queues with a name of their own keep these workers and those of
whoever else uses the broker apart; `alias` lets the code go on calling them fast, outside and bulk.
"""

import os

from kombu import Exchange, Queue

from concours.settings import *  # noqa: F403
from concours.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
ROOT_URLCONF = "concours.bench.urls"


def _queue(alias: str) -> Queue:
    name = f"{os.environ['BENCH_QUEUES']}.{alias}"
    # The broker drops a queue that nobody has used for a minute; nothing is left behind.
    return Queue(name, Exchange(name, auto_delete=True), routing_key=name, alias=alias, expires=60)


CELERY_TASK_QUEUES = [_queue("fast"), _queue("outside"), _queue("bulk")]
# Broadcasts such as `celery inspect` go to every worker of a broker.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
