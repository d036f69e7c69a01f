"""What no action may ever reach: accounts, permissions, secrets, schedules, the engine's own rows (T28)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from concours.celery import app
from contacts.models import Contact, Note
from triggers import clock, services, sweeping
from triggers.models import Credential, Event, Run, Workflow
from triggers.problems import Invalid
from triggers.tests import make
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db

FORBIDDEN = (
    "auth.User", "auth.Group", "auth.Permission", "django_celery_beat.PeriodicTask",
    "django_celery_beat.IntervalSchedule", "triggers.Credential", "triggers.Organisation", "providers.Connection",
)  # fmt: skip
FIELDS = (
    "id", "pk", "owner_id", "owner__password", "owner.password", "owner__is_superuser", "is_superuser", "password",
    "__class__", "_state", "custom_fields", "custom_fields.__class__", "created_at", "user_permissions",
)  # fmt: skip
INNER = (
    "http://127.0.0.1:5432/", "https://localhost/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
    "https://[::ffff:10.0.0.1]/", "https://2130706433/", "file:///etc/passwd", "redis://127.0.0.1:6379/",
)  # fmt: skip
SECRETS = (
    "contact.owner.password", "contact.__class__", "contact._state", "settings.SECRET_KEY", "credential.erp",
    "user.password", "event.__class__.__init__.__globals__", "request.user", "vars.__class__",
)  # fmt: skip
TARGETS: list[tuple[str, dict[str, Any]]] = [
    *(("contact.update", {"values": {name: "1"}}) for name in FIELDS),
    *(("contact.update", {"values": {}, "clear": [name]}) for name in FIELDS),
    *(("contact.create", {"values": {"email": "x@example.org", name: "1"}}) for name in FIELDS),
    *(("opportunity.update", {"values": {name: "1"}}) for name in FIELDS),
    *(("data.set", {"values": {name: "1"}}) for name in ("__class__", "@depth", "contact.email", "run.status")),
    *(("code.call", {"name": name}) for name in ("os.system", "builtins.eval", "triggers.services.publish")),
    *(("http.request", {"url": url, "method": "POST"}) for url in INNER),
    *(("webhook.send", {"url": url}) for url in INNER),
    *(("note.create", {"body": "{{" + name + "}}"}) for name in SECRETS),
    ("note.create", {"body": "{% include '/etc/passwd' %}"}),
    ("note.create", {"body": "{% load static %}{% debug %}"}),
    ("http.request", {"url": "https://example.com/", "credential": "nobody-made-this"}),
    ("user.create", {"username": "mallory"}),
    ("contact.update", {"values": {"first_name": "x"}, "model": "auth.User"}),
]


@pytest.fixture(autouse=True)
def production(settings: Any) -> None:
    settings.OUTGOING_ALLOW_HTTP = settings.OUTGOING_ALLOW_LOOPBACK = False
    settings.OUTGOING_PORTS = [443, 8443]


@pytest.fixture
def house() -> Contact:
    """A contact whose owner has a password and whose house has a secret and a schedule."""
    clock.ensure_entries()
    Credential.objects.create(name="ERP", slug="erp", kind=Credential.Kind.BEARER, secret="s3cret")
    return make.contact(owner=make.user("owner"))


def untouchable() -> str:
    rows = [row for name in FORBIDDEN for row in apps.get_model(name)._default_manager.order_by("pk")]
    return serializers.serialize("json", rows)


def is_refused(flow: Workflow) -> bool:
    try:
        services.publish(flow)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize(("key", "config"), TARGETS, ids=[f"{key} {json.dumps(config)}" for key, config in TARGETS])
def test_a_forbidden_target_is_refused_and_nothing_of_it_is_touched(
    house: Contact, key: str, config: dict[str, Any]
) -> None:
    before = untouchable()
    flow = services.create("Forbidden", make.document(make.action("a1", key, **config)))

    if not is_refused(flow):
        make.tag(house)
        for hours in (0, 1, 30):
            sweeping.drain(now=timezone.now() + timedelta(hours=hours))
        [run] = make.runs(flow)
        assert run.status in (Run.Status.FAILED, Run.Status.HELD), (run.status, run.vars)

    assert untouchable() == before
    assert not Note.objects.exists()


def test_where_a_condition_looks_is_refused_as_well(house: Contact) -> None:
    # A variable of any name may be asked for: it is looked up among the run's values, and is not there.
    for name in SECRETS[:-1]:
        node = {**make.action("a1", "data.set", values={"x": "y"}), "only_if": {"field": name, "op": "is_set"}}
        with pytest.raises(Invalid):
            services.publish(services.create("Curious", make.document(node)))


def forgeries(run: Run, event: Event) -> list[tuple[str, list[Any]]]:
    """Every task of ours, with what a stranger on the broker might give it."""
    app.loader.import_default_modules()
    ours = sorted(name for name in app.tasks if not name.startswith("celery."))
    assert len(ours) > 10
    return [(name, given) for name in ours for given in ([], [run.pk], [event.pk, "x"], ["auth.User"], [{"$ne": 1}])]


def test_forged_tasks_do_what_is_due_and_nothing_else(house: Contact) -> None:
    with probe(repeatable=False) as calls:
        flow = make.workflow(
            make.action("now", "probe"), make.action("w", "wait.duration", days=1), make.action("late", "probe")
        )
        make.tag(house)
        event = make.last_event("contact.tag_added")
        sweeping.drain()
        [run] = make.runs(flow)
        before = untouchable()

        for name, given in forgeries(run, event) * 2:
            app.tasks[name].apply(given)

        assert (len(calls.keys), untouchable()) == (1, before)
        assert make.runs(flow) == [run]
        run.refresh_from_db()
        assert run.status == Run.Status.WAITING


def test_the_broker_speaks_json_and_keeps_no_results() -> None:
    conf = app.conf
    assert (list(conf.accept_content), conf.task_serializer, conf.task_ignore_result) == (["json"], "json", True)
    assert conf.result_backend is None
