"""Clients of the API for its tests: with a key, or with a session."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from triggers.api.keys import create_key

EVERYTHING = (
    "workflows:read", "workflows:write", "workflows:publish", "runs:read", "runs:write", "events:read",
    "events:write", "destinations:read", "destinations:write", "notices:read", "notices:write", "catalogue:read",
)  # fmt: skip


def client(*scopes: str, user: Any = None, name: str = "Shop") -> APIClient:
    """A client with a key of these scopes, all where none is named; it acts for a superuser unless told otherwise."""
    user = user or root()
    key, plain = create_key(name, user, scopes or EVERYTHING)
    made = APIClient(HTTP_AUTHORIZATION=f"Bearer {plain}")
    made.key, made.user = key, user
    return made


def root() -> Any:
    """A superuser, the same one throughout a test. He has no password: hashing one takes its time."""
    found, _made = get_user_model()._default_manager.get_or_create(username="root", defaults={"is_superuser": True})
    return found


def session(user: Any) -> APIClient:
    """A browser in which this user has signed in; it checks CSRF as in earnest."""
    made = APIClient(enforce_csrf_checks=True)
    made.force_login(user)
    return made


def with_permissions(user: Any, *names: str) -> Any:
    """The user with these permissions, such as `triggers.view_run`."""
    for name in names:
        app, _dot, codename = name.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return type(user)._default_manager.get(pk=user.pk)


def errors(response: Any) -> dict[str, str]:
    """The messages of a problem document by field."""
    assert response["Content-Type"] == "application/problem+json"
    return {error["field"]: error["message"] for error in response.json()["errors"]}
