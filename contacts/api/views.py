"""Contacts, tags, notes and tasks over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import services
from contacts.api import bulk
from contacts.api.filters import ContactFilter, CustomFieldFilter, NoteFilter, TaskFilter
from contacts.api.person_views import PersonViewSet
from contacts.api.serializers import (
    ContactSerializer,
    CustomFieldSerializer,
    DndChangeSerializer,
    DndSerializer,
    MovedTagsSerializer,
    NoteSerializer,
    ScoreChangeSerializer,
    ScoreRuleSerializer,
    ScoreSerializer,
    TagSerializer,
    TagsSerializer,
    TaskSerializer,
)
from contacts.custom import checking
from contacts.models import Contact, CustomField, Note, ScoreRule, Tag, Task
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet
from triggers.context import act_as

CHANGE = {"permission": "contacts.change_contact"}


class ContactViewSet(PersonViewSet):
    """People. Tags are written as names; changes go through the same doors as everywhere, so events fire."""

    scope = "contacts"
    queryset = Contact.objects.select_related("owner").prefetch_related("taggings__tag")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter

    def perform_create(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        tags = values.pop("tags", [])
        serializer.instance = services.create(values)
        if tags:
            services.add_tags(serializer.instance, tags)

    def perform_update(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        tags = values.pop("tags", None)
        services.update(serializer.instance, values)
        if tags is not None:
            self._set_tags(serializer.instance, tags)
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    @extend_schema(request=TagsSerializer, responses=MovedTagsSerializer)
    @action(detail=True, methods=["post"], **CHANGE)
    def tags(self, request: Request, **kwargs: Any) -> Response:
        """Puts tags on the contact, making those that do not exist."""
        contact = self.get_object()
        return self._moved(contact, services.add_tags(contact, self.inputs(TagsSerializer)["tags"]))

    @extend_schema(request=TagsSerializer, responses=MovedTagsSerializer)
    @action(detail=True, methods=["post"], url_path="remove-tags", **CHANGE)
    def remove_tags(self, request: Request, **kwargs: Any) -> Response:
        """Takes tags off the contact."""
        contact = self.get_object()
        return self._moved(contact, services.remove_tags(contact, self.inputs(TagsSerializer)["tags"]))

    @extend_schema(request=DndSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"], **CHANGE)
    def dnd(self, request: Request, **kwargs: Any) -> Response:
        """Closes or opens channels."""
        contact, given = self.get_object(), self.inputs(DndSerializer)
        asked = services.Asked(given.pop("direction"), given.pop("reason"))
        services.set_dnd(contact, **given, asked=asked)
        return self._as_it_is(contact)

    @extend_schema(responses=DndChangeSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="dnd-changes")
    def dnd_changes(self, request: Request, **kwargs: Any) -> Response:
        """Who closed or opened which channel, when and why, newest first."""
        return self.page(self.get_object().dnd_changes.all(), DndChangeSerializer)

    @extend_schema(responses=ScoreChangeSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="score-changes")
    def score_changes(self, request: Request, **kwargs: Any) -> Response:
        """Every step of the engagement score with its reason, newest first."""
        return self.page(self.get_object().score_changes.all(), ScoreChangeSerializer)

    @extend_schema(request=ScoreSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"], **CHANGE)
    def score(self, request: Request, **kwargs: Any) -> Response:
        """Adds points to the engagement score, or takes them off."""
        contact = self.get_object()
        services.adjust_score(contact, **self.inputs(ScoreSerializer))
        return self._as_it_is(contact)

    @extend_schema(request=bulk.BulkSerializer, responses=bulk.BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[bulk.BulkParser], **CHANGE)
    def bulk(self, request: Request, **kwargs: Any) -> Response:
        """Creates and updates up to 1,000 contacts. One that is wrong does not stop the others; events fire for each."""
        given = self.inputs(bulk.BulkSerializer)
        with act_as(bulk=True):
            return Response(bulk.write(**given))

    def _set_tags(self, contact: Contact, names: list[str]) -> None:
        wanted = {name.casefold() for name in names}
        gone = [name for name in _names(contact) if name.casefold() not in wanted]
        if gone:
            services.remove_tags(contact, gone)
        if names:
            services.add_tags(contact, names)

    def _moved(self, contact: Contact, moved: list[str]) -> Response:
        return Response({"moved": moved, "tags": _names(contact)})

    def _as_it_is(self, contact: Contact) -> Response:
        return Response(self.represent(self.get_queryset().get(pk=contact.pk)))


class CustomFieldViewSet(ApiModelViewSet):
    """What this installation keeps of contacts besides what every one does."""

    scope = "custom-fields"
    queryset = CustomField.objects.all()
    serializer_class = CustomFieldSerializer
    filterset_class = CustomFieldFilter

    def perform_destroy(self, instance: CustomField) -> None:
        """Only a field that no contact has a value of and no workflow names can go. Raises `Conflict`."""
        why = checking.why_not_deleted(instance)
        if why:
            raise Conflict(why)
        instance.delete()


class TagViewSet(ApiModelViewSet):
    """Labels."""

    scope = "tags"
    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_fields = ("name",)


class NoteViewSet(ApiModelViewSet):
    """What was written down about contacts."""

    scope = "notes"
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    filterset_class = NoteFilter

    def perform_create(self, serializer: Any) -> None:
        serializer.save(author=self.user)


class TaskViewSet(ApiModelViewSet):
    """What is to be done."""

    scope = "tasks"
    queryset = Task.objects.select_related("assignee")
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    @extend_schema(request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"], permission="contacts.change_task")
    def complete(self, request: Request, **kwargs: Any) -> Response:
        """Marks the task as done by whoever asks; done already, it stays as it was.

        A task that repeats is followed by the next, which names this one in `follows`.
        """
        task = self.get_object()
        services.complete_task(task, self.user)
        return Response(self.represent(task))

    @extend_schema(request=None, responses=TaskSerializer)
    @action(detail=True, methods=["post"], permission="contacts.change_task")
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Takes the completion back; open already, it stays as it was. The task that followed it stays too."""
        task = self.get_object()
        services.reopen_task(task)
        return Response(self.represent(task))


class ScoreRuleViewSet(ApiModelViewSet):
    """Which events give how many points of the engagement score. A rule counts from when it is switched on."""

    scope = "score-rules"
    queryset = ScoreRule.objects.all()
    serializer_class = ScoreRuleSerializer
    filterset_fields = ("event_type", "active")


def _names(contact: Contact) -> list[str]:
    rows: QuerySet[Any] = contact.taggings.order_by("tag__name")
    return list(rows.values_list("tag__name", flat=True))
