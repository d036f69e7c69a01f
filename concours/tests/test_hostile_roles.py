"""T37 as three roles: what nobody would send, from whoever may do everything, little, or only look (reliability, T37).

Nobody's gets a fault of ours, and nobody changes a row whose permission they lack: the whole database is looked at.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from concours.groups import ensure_groups
from concours.tests.test_hostile_api import SIZES, address
from concours.tests.test_hostile_api import client as client
from triggers.tests.api import hostile

pytestmark = pytest.mark.django_db
# What a member of staff with few permissions may change.
FEW = ("contacts.view_contact", "contacts.change_contact", "contacts.view_note", "contacts.add_note")
# Written for whoever asks: their own rate, their own session, keys that were used, answers that are kept.
BESIDE = {"triggers_idempotencyrecord", "triggers_apikey", "django_session", "auth_user", "triggers_loginattempt"}
WRITING = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM) "?(\w+)')
Case = tuple[str, str, Any]


def few() -> User:
    user = get_user_model()._default_manager.create(username="few", is_staff=True)
    named = (name.partition(".") for name in FEW)
    wanted = [Permission.objects.get(content_type__app_label=app, codename=code) for app, _dot, code in named]
    user.user_permissions.set(wanted)
    return user


def auditor() -> User:
    ensure_groups()
    user = get_user_model()._default_manager.create(username="auditor", is_staff=True)
    user.groups.add(Group.objects.get(name="CRM auditor"))
    return user


def written(queries: Iterable[dict[str, str]]) -> set[str]:
    """The tables that these statements wrote to."""
    texts = (query["sql"].strip() for query in queries)
    changing = (text for text in texts if not text.startswith("SELECT"))
    return {found for text in changing for found in WRITING.findall(text)} - BESIDE - {"SET"}


def cases() -> list[Case]:
    """Every operation of every app: each that writes with every body and in each field, the others once."""
    found: list[Case] = []
    for path, method, operation in hostile.operations(lambda name: name not in ("schema", "docs")):
        bodies = hostile.bodies(operation) if method in ("post", "put", "patch") else [None]
        found += [(path, method, body) for body in bodies]
    return found


def tried(user: User, each: list[Case]) -> tuple[Counter[int], set[str]]:
    """How each was answered, and the tables that were written to; what one did is undone for the next."""
    made, answers, tables = APIClient(), Counter[int](), set[str]()
    made.force_login(user)
    for path, method, body in each:
        cache.clear()
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            sent = b"" if body is None else json.dumps(body).encode()
            answer = made.generic(method.upper(), address(path), sent, content_type="application/json")
            transaction.set_rollback(True)
        assert answer.status_code < 500, (user.username, method, path, body, answer.content[:500])
        assert hostile.is_told(answer), (user.username, method, path, body)
        answers[answer.status_code] += 1
        tables |= written(asked.captured_queries)
    return answers, tables


@SIZES
def test_who_only_looks_writes_nothing(client: APIClient, size: int | None) -> None:
    who = auditor()
    writing = [case for case in cases() if case[1] != "get"]

    answers, tables = tried(who, hostile.sampled(writing, size))

    print(f"auditor: {dict(answers)}")
    assert tables == set()
    assert answers[403] > sum(answers.values()) * 0.8


@SIZES
def test_who_may_little_writes_only_that(client: APIClient, size: int | None) -> None:
    answers, tables = tried(few(), hostile.sampled(cases(), size))

    print(f"few: {dict(answers)}, written: {sorted(tables)}")
    allowed = {model._meta.db_table for model in apps.get_app_config("contacts").get_models()}
    assert tables <= allowed | {"triggers_event", "triggers_change"}
    assert answers[403] > sum(answers.values()) / 2


@SIZES
def test_who_may_everything_breaks_nothing(client: APIClient, size: int | None) -> None:
    boss = get_user_model()._default_manager.get(username="boss")

    answers, tables = tried(boss, hostile.sampled(cases(), size))

    print(f"boss: {dict(answers)}, {len(tables)} tables written")
    assert tables
    assert answers[403] == 0


@pytest.mark.parametrize("make", [few, auditor])
def test_who_may_not_see_gets_no_list(client: APIClient, make: Any) -> None:
    """Each list of what they lack the view permission for is refused, whole and row by row."""
    user = make()
    made = APIClient()
    made.force_login(user)
    seen = {
        path for path, method, _operation in hostile.operations(lambda name: name not in ("schema", "docs"))
        if method == "get" and made.get(address(path)).status_code == 200
    }  # fmt: skip

    told = {path.split("/")[3] for path in seen}
    if make is few:
        assert told <= {"contacts", "notes", "tags", "notices", "catalogue", "dnd-changes", "custom-fields"}
    assert "contacts" in told
