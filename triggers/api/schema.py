"""What the OpenAPI document says of every operation: how to sign in, which headers it takes, how it refuses."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from triggers.api.keys import scope_of
from triggers.api.problems import MEDIA_TYPE


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer cck_…` for drf-spectacular, which finds this class by its being imported."""

    target_class = "triggers.api.keys.ApiKeyAuthentication"
    name = "apiKey"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "cck_<prefix>_<secret>"}


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong, and where in the body."""

    pointer = serializers.CharField(help_text=_("JSON Pointer (RFC 6901) into the body, as a URI fragment"))
    field = serializers.CharField(help_text=_("the same as a path: actions[0].config.subject"))
    message = serializers.CharField(help_text=_("what would be right"))


class ProblemDocumentSerializer(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField(help_text=_("urn:concours:problem:<code>; the code never changes"))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text=_("the path of the request"))
    request_id = serializers.CharField(help_text=_("also in the answer's X-Request-Id and in our log"))
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment]


KEY_HEADER = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description=_(
        "Any text of your own, at most 120 characters. A repeat within 24 h with the same body has no "
        "further effect and gets the first answer again, with `Idempotent-Replay: true`."
    ),
)  # fmt: skip
MATCH_HEADER = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description=_("The ETag you last read; the request is refused with 412 if somebody changed it since."),
)  # fmt: skip


# 09:00, and with seconds as they are told.
CLOCK_TIME: Final = r"^\d\d:\d\d(:\d\d(\.\d+)?)?$"


class ApiSchema(AutoSchema):
    """Our views' operations: common headers, the scope they need, and the problem document."""

    def get_override_parameters(self) -> list[Any]:
        headers = [KEY_HEADER] if self.method == "POST" else []
        if self.method != "GET" and getattr(self.view, "detail", False):
            headers.append(MATCH_HEADER)
        return [*super().get_override_parameters(), *headers]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        scope = scope_of(self.view, self.method)
        said: str = super().get_description() or ""
        return f"{said}\n\nScope: `{scope}`".strip() if scope else said

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        refusal = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemDocumentSerializer, "default", [MEDIA_TYPE], direction
        )
        return {**bodies, "default": {**refusal, "description": _("What is wrong, as a problem document.")}}

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        if isinstance(field, serializers.ChoiceField) and field.read_only and _may_be_blank(field):
            # What is only told is not validated, so the field does not know that it may be empty.
            field.allow_blank = True
        found = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, serializers.TimeField):
            # OpenAPI's "time" has an offset; ours are a clock's on a wall.
            return {**{name: said for name, said in found.items() if name != "format"}, "pattern": CLOCK_TIME}
        return found

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: Any) -> Any:
        found = super()._postprocess_serializer_schema(schema, serializer, direction)  # type: ignore[no-untyped-call]
        left_out = getattr(serializer, "whole_only", ())
        required = [name for name in found.pop("required", []) if name not in left_out]
        return {**found, "required": required} if required else found


def _may_be_blank(field: Any) -> bool:
    """Whether the column that the field tells may hold an empty text."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.fields} if model is not None else {}
    return bool(getattr(columns.get(field.source), "blank", False))
