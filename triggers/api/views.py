"""What every view of the API does around its own work.

In this order: count the request against its rate, check key, scope and permission, read the body, and
then, for everything but reading, do the work in one transaction with its events, its check of
`If-Match` and the kept answer of its `Idempotency-Key`.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import mixins
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from triggers.api.idempotency import once
from triggers.api.parsers import check_headers
from triggers.api.problems import Changed
from triggers.api.schema import ApiSchema
from triggers.context import act_as
from triggers.models.access import ApiKey


class ApiView(APIView):
    """Base of all views. `scope`, `verb` and `permission` are explained at `keys.HasScope`."""

    scope: str = ""
    verb: str = ""
    permission: str | None = None
    schema = ApiSchema()

    @property
    def user(self) -> Any:
        """Who asks: the member of staff, or the one the key acts for."""
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # REST framework's own dispatch catches errors inside the view's work, where the transaction
        # around it would not see them and commit.
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(asked, *args, **kwargs)
            response = self.work(asked, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(asked, response, *args, **kwargs)
        return self.response

    def work(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The method's own work, as whoever asked: reading as it is, everything else in one transaction."""
        name = (request.method or "").lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        if handler is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        with act_as(**acting_for(request)):
            if request.method in SAFE_METHODS:
                return handler(request, *args, **kwargs)
            check_headers(request.META, limit=None)
            # Read now: a slow client must not hold a transaction, and with it SQLite's only writer.
            _ = request.data
            with transaction.atomic():
                return once(request, owner_of(request), lambda: handler(request, *args, **kwargs))

    def perform_authentication(self, request: Request) -> None:
        """Counts the request against its rate as soon as it is known whose it is, also when it is refused."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Done with authentication."""


class ApiViewSet(ApiView, GenericViewSet[Any]):
    """Base of all resources. `serializer_class` is the one representation of a row; its ETag follows from it."""

    # The actions that answer with the representation of the row.
    tagged: tuple[str, ...] = ("create", "retrieve", "update", "partial_update")

    def get_object(self) -> Any:
        """The row of the address. For a change it is locked, and `If-Match` checked: raises `Changed` (412)."""
        found = super().get_object()
        if self.request.method in SAFE_METHODS:
            return found
        lock(found)
        found = super().get_object()
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and not _matches(wanted, lambda: etag(self.represent(found))):
            raise Changed()
        return found

    def represent(self, row: Any) -> Any:
        """The row as `retrieve` answers it."""
        assert self.serializer_class is not None
        return self.serializer_class(row, context=self.get_serializer_context()).data

    def inputs(self, kind: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body, as this serializer validates it. Raises ValidationError."""
        serializer = kind(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        found: dict[str, Any] = serializer.validated_data
        return found

    def page(self, rows: QuerySet[Any], kind: type[BaseSerializer[Any]]) -> Response:
        """One page of rows that hang on this one."""
        found = self.paginate_queryset(rows)
        return self.get_paginated_response(kind(found, many=True, context=self.get_serializer_context()).data)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "action", None) in self.tagged and response.status_code in (200, 201):
            response["ETag"] = etag(response.data)
        return response


class ApiReadOnlyViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, ApiViewSet):
    """A resource that is listed and read."""


class ApiMadeOnlyViewSet(mixins.CreateModelMixin, ApiReadOnlyViewSet):
    """A resource that is made and read; what else happens to it are calls of its own."""


class ApiModelViewSet(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    ApiViewSet,
):
    """A resource that can be listed, read, made, changed and deleted."""


def acting_for(request: Request) -> dict[str, str]:
    """What events caused by the request are marked with (`triggers.context.Acting`)."""
    if isinstance(request.auth, ApiKey):
        # Both: the prefix finds the key, the name outlives it.
        name = f"{request.auth.name[:47]}/{request.auth.prefix}"
        return {"actor": "api", "actor_id": name, "origin": "api"}
    if request.user is not None and request.user.is_authenticated:
        return {"actor": "user", "actor_id": str(request.user.pk), "origin": "api"}
    return {"origin": "api"}


def owner_of(request: Request) -> str:
    """Whose idempotency keys the request's is among."""
    if isinstance(request.auth, ApiKey):
        return f"key:{request.auth.pk}"
    return f"user:{getattr(request.user, 'pk', None)}"


def etag(data: Any) -> str:
    """A strong ETag of a representation, whatever the order of its keys: a kept answer may come back in another."""
    text = json.dumps(json.loads(JSONRenderer().render(data)), sort_keys=True)
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _matches(wanted: str, current: Callable[[], str]) -> bool:
    """Whether an `If-Match` header names the current ETag (RFC 9110, 13.1.1)."""
    return wanted.strip() == "*" or current() in [tag.strip() for tag in wanted.split(",")]


def lock(row: Model) -> None:
    """Keeps others from changing the row until the transaction ends."""
    type(row)._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
