"""Whether the installation works: what `doctor`, `/readyz` and `/metrics` say. Each check is one function."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from triggers import clock, registry, sweeping
from triggers.models import Destination, Event, Run, Scan, Trigger, Workflow
from triggers.workflows.cycles import nodes

SWEEP_LATE: Final = timedelta(minutes=5)
DUE_LATE: Final = timedelta(minutes=5)
_MATCHING = (Workflow.Status.LIVE, Workflow.Status.OBSERVING)


@dataclass(frozen=True)
class Check:
    """`ok` says whether it is as it should be; `detail` what was found; `hint` what to do where it is not."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def readiness() -> list[Check]:
    """What a load balancer needs to know: database, migrations, and whether work moves."""
    return [check() for check in (database, migrations, sweep, oldest_due)]


def all_checks() -> list[Check]:
    """Everything `doctor` looks at."""
    return [*readiness(), *(check() for check in (scans, broker, mail, secret, kinds, receivers, attention))]


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return Check("database", False, str(error), _("Check DATABASE_URL and whether the server runs."))
    return Check("database", True, connection.vendor)


def migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Check("migrations", False, _("%(n)d missing") % {"n": len(missing)}, "manage.py migrate")
    return Check("migrations", True, _("all applied"))


def sweep() -> Check:
    """The sweep finds what a lost message left behind; without it, due work waits for the next commit."""
    late = clock.since("sweep")
    hint = _("Start celery beat and a worker, and look whether the sweep is switched on under Periodic tasks.")
    if late is None:
        return Check("sweep", False, _("it has never run"), hint)
    detail = _("%(n)d s ago") % {"n": late.total_seconds()}
    return Check("sweep", late < SWEEP_LATE, detail, "" if late < SWEEP_LATE else hint)


def scans() -> Check:
    """Each time-based event type that a live workflow waits for is asked every minute or so."""
    waited_for = set(Trigger.objects.values_list("event_type", flat=True))
    late = [
        str(kind.label)
        for kind in clock.timed()
        if kind.key in waited_for and (clock.since(f"scan {kind.key}") or clock.LATE) >= clock.LATE
    ]
    failing = Scan.objects.exclude(error="").values_list("workflow_id", flat=True)
    broken = list(Workflow.objects.filter(pk__in=failing, status__in=_MATCHING).values_list("name", flat=True))
    hint = _("Look under Periodic tasks whether they are switched on; what was missed is caught up for 48 hours.")
    if late:
        return Check("clock", False, _("not asked lately: %(kinds)s") % {"kinds": ", ".join(late)}, hint)
    if broken:
        told = _("cannot be asked: %(workflows)s") % {"workflows": ", ".join(broken)}
        return Check("clock", False, told, _("Open these workflows and check the settings of their triggers."))
    return Check("clock", True, _("all asked"))


def oldest_due() -> Check:
    late = sweeping.oldest_due(timezone.now())
    hint = "" if late < DUE_LATE else _("Work waits: start more workers, or look at what holds them up.")
    return Check("oldest due", late < DUE_LATE, _("%(n)d s") % {"n": late.total_seconds()}, hint)


def broker() -> Check:
    try:
        with current_app.connection_for_write(connect_timeout=1) as wire:
            wire.ensure_connection(max_retries=0, timeout=1)
    except Exception as error:
        hint = _("Events wait for the sweep meanwhile; nothing is lost. Check CELERY_BROKER_URL.")
        return Check("broker", False, str(error)[:200], hint)
    return Check("broker", True, current_app.connection_for_write().transport_cls)


def mail() -> Check:
    keeps = settings.EMAIL_BACKEND.endswith("MailboxBackend")
    if keeps and not settings.EMBEDDED:
        return Check("mail", False, _("mails stay in the mailbox"), _("Set EMAIL_URL to send them."))
    return Check("mail", True, _("kept in the mailbox") if keeps else settings.EMAIL_BACKEND)


def secret() -> Check:
    known = bool(settings.SECRET_KEY) and not settings.SECRET_KEY.startswith("django-insecure")
    hint = "" if known else _("Set SECRET_KEY to at least 50 random characters.")
    return Check("secret key", known, _("set") if known else _("weak"), hint)


def kinds() -> Check:
    """Live workflows whose event or action types have no code any more."""
    gone = sorted(set(_missing_kinds()))
    hint = _("Install the code again, or edit these workflows.") if gone else ""
    return Check("kinds", not gone, ", ".join(gone) or _("all known"), hint)


def receivers() -> Check:
    shut = list(Destination.objects.exclude(status=Destination.Status.OK).values_list("key", flat=True))
    hint = _("Repair the connection, then press “works again” on the receiver.") if shut else ""
    return Check("receivers", not shut, ", ".join(shut) or _("all reachable"), hint)


def attention() -> Check:
    count = Run.objects.filter(status=Run.Status.UNCERTAIN).count()
    hint = _("Open them in the admin and say whether each was sent.") if count else ""
    return Check("uncertain", not count, _("%(n)d runs") % {"n": count}, hint)


def metrics() -> str:
    """Prometheus text: how much waits, how long, and how runs ended."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# TYPE concours_oldest_due_seconds gauge"
    yield f"concours_oldest_due_seconds {sweeping.oldest_due(timezone.now()).total_seconds():.1f}"
    late = clock.since("sweep")
    yield "# TYPE concours_sweep_age_seconds gauge"
    yield f"concours_sweep_age_seconds {late.total_seconds() if late else -1:.1f}"
    yield "# TYPE concours_events_unmatched gauge"
    yield f"concours_events_unmatched {Event.objects.filter(matched_at=None).count()}"
    yield "# TYPE concours_runs gauge"
    counted = Run.objects.values_list("status").annotate(n=Count("pk")).order_by("status")
    for status, number in counted:
        yield f'concours_runs{{status="{status}"}} {number}'


def _missing_kinds() -> Iterator[str]:
    live = Workflow.objects.filter(status__in=_MATCHING)
    for workflow in live.select_related("current"):
        document: dict[str, Any] = workflow.current.document if workflow.current else {}
        for entry in (*document.get("triggers", []), *document.get("exits", [])):
            if entry["event"] not in registry.events:
                yield entry["event"]
        for node, _path in nodes(document.get("actions"), ()):
            if "action" in node and node["action"] not in registry.actions:
                yield node["action"]
