"""`manage.py apikey create|list|revoke`: the keys that clients of the API use."""

import json
from argparse import ArgumentParser
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from triggers.api.keys import create_key
from triggers.api.scopes import known_scopes
from triggers.models.access import ApiKey
from triggers.problems import Invalid


class Command(BaseCommand):
    help = "Create, list and revoke the keys that clients of the API use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="Make a key and print it. It is shown this once and never again.")
        create.add_argument("name", help="What uses the key, for example “Shop”.")
        create.add_argument("--user", required=True, help="Whose permissions the key has at most.")
        create.add_argument(
            "--scope", action="append", required=True, help="What it may do, such as contacts:read. Repeatable."
        )
        create.add_argument("--expires", help="Until when, such as 2027-12-31; without it, until it is revoked.")
        listing = verbs.add_parser("list", help="Show every key, with when it was last used.")
        revoke = verbs.add_parser("revoke", help="End a key at once.")
        revoke.add_argument("prefix", help="The key's prefix, as `list` shows it.")
        for verb in (create, listing, revoke):
            verb.add_argument("--json", action="store_true", help="Print JSON, for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["verb"]](options)

    def _create(self, options: dict[str, Any]) -> None:
        user = get_user_model()._default_manager.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": options["user"]})
        _check_scopes(options["scope"])
        try:
            key, plain = create_key(options["name"], user, options["scope"], _moment(options["expires"]))
        except Invalid as error:
            raise CommandError(error.problems[0].message) from error
        if options["json"]:
            self.stdout.write(json.dumps({**_row(key), "key": plain}, indent=2))
            return
        self.stdout.write(_("This key is shown once. Keep it where your client reads it:"))
        self.stdout.write(plain)

    def _list(self, options: dict[str, Any]) -> None:
        rows = [_row(key) for key in ApiKey.objects.select_related("user").order_by("pk")]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            used = row["last_used_at"] or _("never used")
            self.stdout.write(
                f"{row['prefix']}  {row['state']:<8} {row['name']} ({row['user']})  {used}  {' '.join(row['scopes'])}"
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        key = ApiKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError(_("There is no key with the prefix “%(prefix)s”.") % options)
        key.revoked_at = key.revoked_at or timezone.now()
        key.save(update_fields=["revoked_at"])
        self.stdout.write(
            json.dumps(_row(key), indent=2) if options["json"] else _("%(name)s is revoked.") % {"name": key.name}
        )


def _row(key: ApiKey) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "user": str(key.user),
        "scopes": key.scopes,
        "state": _state(key, timezone.now()),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at and key.expires_at.isoformat(),
        "last_used_at": key.last_used_at and key.last_used_at.isoformat(),
    }


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "active"


def _check_scopes(scopes: list[str]) -> None:
    known = known_scopes()
    for scope in scopes:
        if scope not in known:
            near = get_close_matches(scope, known, n=1) or [", ".join(known)]
            raise CommandError(
                _("There is no scope “%(scope)s”. Did you mean: %(near)s?") % {"scope": scope, "near": near[0]}
            )


def _moment(text: str | None) -> datetime | None:
    """The end of the day named, or the moment, in the installation's time zone."""
    if text is None:
        return None
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is not None:
        moment = datetime.combine(day, datetime.max.time())
    if moment is None:
        raise CommandError(_("“%(text)s” is no date. Enter one such as 2027-12-31.") % {"text": text})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
