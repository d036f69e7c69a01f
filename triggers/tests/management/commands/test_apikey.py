"""`manage.py apikey`: the key is printed once, and every mistake says what would be right."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from triggers.api.keys import create_key, find_key
from triggers.models import ApiKey
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("apikey", *arguments, stdout=out)
    return out.getvalue()


def create(*more: str) -> str:
    user = calls.root().username
    return run("create", "Shop", "--user", user, "--scope", "runs:read", "--scope", "workflows:publish", *more)


def test_a_new_key_is_printed_and_works() -> None:
    plain = create().splitlines()[-1]

    key = find_key(plain, timezone.now())
    assert (key.name, key.user, key.scopes, key.expires_at) == (
        "Shop",
        calls.root(),
        ["runs:read", "workflows:publish"],
        None,
    )
    assert plain.split("_", 2)[2] not in run("list") + run("list", "--json")


def test_for_programs_it_is_json() -> None:
    made = json.loads(create("--json"))

    assert find_key(made["key"], timezone.now()).prefix == made["prefix"]
    assert (made["name"], made["state"]) == ("Shop", "active")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-12-31", datetime(2027, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2027-12-31T08:00:00+02:00", datetime(2027, 12, 31, 6, 0, tzinfo=UTC)),
        ("2027-12-31 08:00", datetime(2027, 12, 31, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_key_may_expire(text: str, moment: datetime) -> None:
    create("--expires", text)

    assert ApiKey.objects.get().expires_at == moment


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--user", "nobody", "--scope", "runs:read"], "There is no user “nobody”."),
        (["--user", "root", "--scope", "run:read"], "There is no scope “run:read”. Did you mean: runs:read?"),
        (
            ["--user", "root", "--scope", "runs:read", "--expires", "soon"],
            "“soon” is no date. Enter one such as 2027-12-31.",
        ),
        (
            ["--user", "root", "--scope", "runs:read", "--expires", "2027-02-30"],
            "“2027-02-30” is no date. Enter one such as 2027-12-31.",
        ),
    ],
)
def test_a_mistake_makes_no_key(arguments: list[str], told: str) -> None:
    calls.root()

    with pytest.raises(CommandError) as refused:
        run("create", "Shop", *arguments)

    assert str(refused.value) == told
    assert ApiKey.objects.count() == 0


def test_the_list_tells_which_keys_still_work() -> None:
    now = timezone.now()
    states: dict[str, dict[str, Any]] = {
        "active": {"last_used_at": now},
        "revoked": {"revoked_at": now},
        "expired": {"expires_at": now - timedelta(days=1)},
    }
    for name, values in states.items():
        key, _plain = create_key(name, calls.root(), ["runs:read"])
        ApiKey.objects.filter(pk=key.pk).update(**values)

    rows = json.loads(run("list", "--json"))

    assert [(row["name"], row["state"]) for row in rows] == [(name, name) for name in states]
    assert rows[0]["last_used_at"] == now.isoformat()
    assert [line.split()[1] for line in run("list").splitlines()] == list(states)
    assert "never used" in run("list").splitlines()[1]


def test_a_revoked_key_stops_working_at_once() -> None:
    key, plain = create_key("Shop", calls.root(), ["runs:read"])

    assert run("revoke", key.prefix) == "Shop is revoked.\n"

    with pytest.raises(AuthenticationFailed):
        find_key(plain, timezone.now())


def test_revoking_twice_keeps_the_first_moment() -> None:
    key, _plain = create_key("Shop", calls.root(), ["runs:read"])
    run("revoke", key.prefix)
    first = ApiKey.objects.get().revoked_at

    assert json.loads(run("revoke", key.prefix, "--json"))["state"] == "revoked"
    assert ApiKey.objects.get().revoked_at == first


def test_a_key_that_is_not_there_cannot_be_revoked() -> None:
    with pytest.raises(CommandError, match="There is no key with the prefix “nothing”"):
        run("revoke", "nothing")
