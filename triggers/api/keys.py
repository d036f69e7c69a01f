"""Who asks: API keys, what they may do, and how often.

A key does what its scopes allow and what its user may do besides: the narrower of the two counts.
"""

import re
import secrets
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from triggers.api.rates import parse_rate, wait_for_turn
from triggers.models.access import ApiKey
from triggers.problems import Invalid, Problem

if TYPE_CHECKING:
    from rest_framework.views import APIView

SCOPE: Final = re.compile(r"[a-z][a-z-]*:[a-z][a-z-]*")
NOTED_EVERY: Final = timedelta(minutes=1)
_VERBS: Final = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def create_key(name: str, user: Any, scopes: Collection[str], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is told nowhere else and never again. Raises `Invalid`."""
    wrong = [scope for scope in scopes if not SCOPE.fullmatch(scope)]
    if wrong or not scopes:
        told = _("A scope is a resource and a verb, such as contacts:read; “%(scope)s” is not.")
        raise Invalid([Problem(("scopes",), told % {"scope": ", ".join(wrong)})])
    prefix = secrets.token_hex(6)
    plain = f"cck_{prefix}_{secrets.token_urlsafe(32)}"
    made = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(plain),
        user=user,
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return made, plain


def find_key(plain: str, now: datetime) -> ApiKey:
    """The key of this plain text, where it may be used. Raises `AuthenticationFailed`, saying why not."""
    mark, _first, rest = plain.partition("_")
    found = ApiKey.objects.select_related("user").filter(prefix=rest.partition("_")[0]).first()
    if mark != "cck" or found is None or not compare_digest(found.digest, _digest(plain)):
        raise AuthenticationFailed(_("There is no such API key."), code="unknown_key")
    if found.revoked_at is not None:
        raise AuthenticationFailed(_("This API key was revoked; create another."), code="revoked_key")
    if found.expires_at is not None and found.expires_at <= now:
        raise AuthenticationFailed(_("This API key has expired; create another."), code="expired_key")
    if not found.user.is_active:
        raise AuthenticationFailed(_("The user this API key acts for is not active."), code="inactive_user")
    return found


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer cck_<prefix>_<secret>`: the user is the key's, `request.auth` the key.

    A request with a key that is refused does not fall back on a session cookie.
    """

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiKey] | None:
        scheme, _space, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        found = find_key(plain.strip(), now)
        _note_use(found, now)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """Keys need the view's scope, staff with a session do not; both need the permission in Django.

    A view says `scope = "contacts"`, and may say `verb` (else read, or write for what is not safe) and
    `permission` (else the model's; empty where none is needed). All three may stand in `@action(…)`.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user: Any = request.user
        if user is None or not user.is_authenticated:
            return False
        scope, permission = scope_of(view, request.method or ""), permission_of(view, request.method or "")
        if not isinstance(request.auth, ApiKey):
            if not user.is_staff:
                self.message = _("Only staff may use the API with a session.")
                return False
        elif scope and scope not in request.auth.scopes:
            self.message = _("This API key has not the scope %(scope)s.") % {"scope": scope}
            return False
        if permission and not user.has_perm(permission):
            self.message = _("Your account has not the permission %(name)s.") % {"name": permission}
            return False
        return True


class KeyThrottle(BaseThrottle):
    """DEFAULT_THROTTLE_RATES["api"] for each key, each user, or each address of those who show neither.

    NUM_PROXIES says how far `X-Forwarded-For` is believed; by default not at all.
    """

    scope = "api"
    timer = staticmethod(time.time)
    seconds = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        rate: Any = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope)
        if rate:
            self.seconds = wait_for_turn(self._who(request), *parse_rate(rate), self.timer())
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds

    def _who(self, request: Request) -> str:
        if isinstance(request.auth, ApiKey):
            return f"{self.scope}:key:{request.auth.pk}"
        if request.user is not None and request.user.is_authenticated:
            return f"{self.scope}:user:{request.user.pk}"
        return f"{self.scope}:ip:{self.get_ident(request)}"


def scope_of(view: Any, method: str) -> str:
    """The scope a key needs for the method; empty where any key will do."""
    scope, verb = getattr(view, "scope", ""), getattr(view, "verb", "")
    return f"{scope}:{verb or ('read' if method in SAFE_METHODS else 'write')}" if scope else ""


def permission_of(view: Any, method: str) -> str:
    """Django's permission for the method, such as `contacts.view_contact`; empty where none is needed."""
    said: str | None = getattr(view, "permission", None)
    queryset = getattr(view, "queryset", None)
    if said is not None or queryset is None:
        return said or ""
    verb = "view" if method in SAFE_METHODS else _VERBS.get(method, "change")
    if verb == "add" and getattr(view, "action", "create") != "create":
        verb = "change"
    meta = queryset.model._meta
    return f"{meta.app_label}.{verb}_{meta.model_name}"


def _digest(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()


def _note_use(key: ApiKey, now: datetime) -> None:
    """At most one write a minute, whatever the traffic."""
    if key.last_used_at is None or key.last_used_at <= now - NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
