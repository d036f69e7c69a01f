"""The installation that a fleet runs: the house's own settings, with a database, queues and a pace of its own.

What varies comes by environment from `stores.Store.environ`, so that several suites run beside each other.
"""

import os

from kombu import Queue

from concours.settings import *  # noqa: F403 -- the house's settings are the base
from concours.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, INSTALLED_APPS

if "FAULTS_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["FAULTS_DATABASE"]
# Tables straight from the models: what is tested here is not the migrations.
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}

_prefix = os.environ.get("FAULTS_QUEUES", "faults")
# The engine names its queues by these aliases; the broker sees names that no other suite has, and drops them
# once nobody has used them for a while.
CELERY_TASK_QUEUES = [Queue(f"{_prefix}-{name}", alias=name, expires=600) for name in ("fast", "outside", "bulk")]
CELERY_TASK_DEFAULT_EXCHANGE = f"{_prefix}-fast"
if os.environ.get("CELERY_BROKER_URL", "").startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{_prefix}-"

CONCOURS_LEASE_SECONDS = float(os.environ.get("FAULTS_LEASE", "60"))
CONCOURS_RATE_PER_CONTACT = 10**6
OUTGOING_ALLOW_LOOPBACK = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
