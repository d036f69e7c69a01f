"""Imports over the API: hand in a file, say what its columns mean, start, watch, read what is wrong, undo."""

import json
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.importing import columns, steps, telling
from contacts.importing.reading.rows import Unreadable
from contacts.models import Import
from triggers.api.parsers import StrictJSONParser
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiViewSet
from triggers.problems import Invalid, Problem

PAGE: Final = 500
START: Final = {"permission": "contacts.add_import"}


class ImportSerializer(RowSerializer):
    """An import. `mapping` leads from the number of a column, from 0, to a field; `position` counts up to `rows`."""

    can_resume = serializers.SerializerMethodField()
    can_undo = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = [
            "id", "name", "format", "encoding", "made_by", "header", "mapping", "options", "status", "failure", "rows",
            "position", "broken_line", "broken_why", "problems", "created", "updated", "unchanged", "refused",
            "removed", "kept", "can_resume", "can_undo", "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_can_resume(self, job: Import) -> bool:
        return steps.can_resume(job)

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_can_undo(self, job: Import) -> bool:
        return steps.can_undo(job)


class UploadSerializer(serializers.Serializer[Any]):
    """A file, and with `mapping` or `options` also what is to be done with it at once. Both are JSON."""

    file = serializers.FileField()
    mapping = serializers.CharField(
        required=False, help_text=gettext_lazy('by column number: {"0": "email"}; else the proposed one')
    )
    options = serializers.CharField(
        required=False, help_text=gettext_lazy("as for start; with start: true it runs by itself")
    )


class ImportOptionsSerializer(serializers.Serializer[Any]):
    """What differs from the import's options."""

    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    dates = serializers.ChoiceField(["mdy", "dmy"], required=False)
    bad_values = serializers.ChoiceField(["refuse", "leave_out"], required=False)
    match = serializers.ListField(child=serializers.ChoiceField(["external_id", "email", "phone"]), required=False)
    update = serializers.ChoiceField(["never", "fill", "overwrite"], required=False)  # type: ignore[assignment]
    tags = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    automations = serializers.BooleanField(required=False)
    per_minute = serializers.IntegerField(required=False, min_value=0)
    although_broken = serializers.BooleanField(required=False)


class ImportStartSerializer(serializers.Serializer[Any]):
    mapping = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text=gettext_lazy("field by column number; else as it stands"),
    )
    options = ImportOptionsSerializer(required=False)


class ImportErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a row."""

    line = serializers.IntegerField()
    column = serializers.CharField(help_text=gettext_lazy("the header; empty for the row as a whole"))
    value = serializers.CharField()
    message = serializers.CharField()


class ImportErrorsSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next_offset = serializers.IntegerField(allow_null=True)
    results = ImportErrorSerializer(many=True)


class ImportFieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Files of contacts on their way in. They are worked on in the background; look again to see how far they are."""

    scope = "contacts"
    queryset = Import.objects.all()
    serializer_class = ImportSerializer
    filterset_fields = ("status",)
    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Hands in a file: CSV, XLSX or vCard. Its columns' meanings are proposed; nothing is imported yet."""
        given = self.inputs(UploadSerializer)
        mapping, options = _object(given, "mapping"), _object(given, "options")
        try:
            job = steps.take(given["file"], given["file"].name, self.user)
        except Unreadable as error:
            raise ValidationError({"file": [str(error)]}) from None
        if mapping is not None or options is not None:
            job = steps.choose(job, job.mapping if mapping is None else mapping, options or {})
        return Response(self.represent(job), status.HTTP_201_CREATED)

    @extend_schema(request=ImportStartSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], **START)
    def start(self, request: Request, **kwargs: Any) -> Response:
        """Checks all rows and imports them; what was checked already is imported at once."""
        job = self.get_object()
        given = self.inputs(ImportStartSerializer)
        mapping, options = given.get("mapping", job.mapping), dict(given.get("options", {}))
        if job.status == Import.Status.CHECKED and "mapping" not in given and not _reads_anew(options):
            return Response(self.represent(steps.start(job, options)))
        return Response(self.represent(steps.choose(job, mapping, {**options, "start": True})))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], **START)
    def check(self, request: Request, **kwargs: Any) -> Response:
        """Checks all rows, so that `errors` tells what is wrong; imports nothing."""
        job = self.get_object()
        return Response(self.represent(steps.choose(job, job.mapping, {"start": False})))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], **START)
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Does nothing more; what was imported stays."""
        return Response(self.represent(steps.cancel(self.get_object())))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], **START)
    def resume(self, request: Request, **kwargs: Any) -> Response:
        """Goes on with an import that broke on our side, at the portion that broke it."""
        return Response(self.represent(steps.resume(self.get_object())))

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"], permission="contacts.delete_contact")
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Removes the contacts the import made, but for those that were changed or that something happened to since."""
        return Response(self.represent(steps.undo(self.get_object())))

    @extend_schema(
        responses=ImportErrorsSerializer, filters=False,
        parameters=[OpenApiParameter("offset", int, description=_("how many to leave out; 500 come at once"))],
    )  # fmt: skip
    @action(detail=True, methods=["get"], pagination_class=None)
    def errors(self, request: Request, **kwargs: Any) -> Response:
        """What is wrong with rows, by line."""
        job = self.get_object()
        text = request.query_params.get("offset", "0")
        offset = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        found = list(telling.findings(job, offset + PAGE + 1))[offset:]
        more = offset + PAGE if len(found) > PAGE else None
        return Response({"count": job.problems, "next_offset": more, "results": found[:PAGE]})

    @extend_schema(responses=ImportFieldSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def fields(self, request: Request, **kwargs: Any) -> Response:
        """The fields a column may become; `custom_fields.<name>` besides."""
        return Response([{"name": name, "label": column.label} for name, column in columns.importable().items()])


def _reads_anew(options: dict[str, Any]) -> bool:
    return bool({"country", "dates", "bad_values"} & options.keys())


def _object(given: dict[str, Any], name: str) -> dict[str, Any] | None:
    """A form field's JSON object; None where it was not sent. Raises `Invalid`."""
    if name not in given:
        return None
    try:
        found = json.loads(given[name])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Invalid([Problem((name,), _("Send a JSON object."))])
    if name == "mapping" and not all(isinstance(value, str) for value in found.values()):
        raise Invalid([Problem((name,), _("Send field names by column number."))])
    return found
