"""What a workflow would do that its publisher may not: an action can do nothing that its publisher could not."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import registry
from triggers.problems import Problem
from triggers.workflows import cycles


def forbidden(document: Mapping[str, Any], publisher: Any) -> Iterator[Problem]:
    """Each action that needs a permission which the user lacks, at its place."""
    needed = {
        path: needs for node, path in cycles.nodes(document.get("actions"), ("actions",)) if (needs := _needs(node))
    }
    lacking = {name for needs in needed.values() for name in needs if not publisher.has_perm(name)}
    for path, needs in needed.items():
        missing = [name for name in needs if name in lacking]
        if missing:
            yield Problem((*path, "action"), _told(missing[0]))


def _needs(node: Mapping[str, Any]) -> tuple[str, ...]:
    """None for what cannot be read: that is a problem of its own."""
    kind = registry.actions.get(str(node.get("action")))
    try:
        return kind.model_validate(node.get("config", {})).needed() if kind else ()
    except ValidationError:
        return ()


def permission_name(name: str) -> str:
    """A permission such as `contacts.add_note` in words."""
    app, _dot, code = name.partition(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=code).first()
    return found.name if found else name


def _told(name: str) -> str:
    return _(
        "You may not let a workflow do this, for you may not do it yourself. It needs the permission “%(name)s”: "
        "ask for it, or let somebody publish who has it."
    ) % {"name": permission_name(name)}
