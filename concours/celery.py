"""The Celery application: `celery -A concours worker` and `celery -A concours beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concours.settings")

app = Celery("concours")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
