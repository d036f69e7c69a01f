"""Filters of the lists of contacts and tasks: tag, owner, whose, and when due."""

from typing import Any, Final

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.custom import definitions, filtering, kinds
from contacts.custom.kinds import Definition, Kind
from contacts.models import Contact, Tag, Task
from contacts.todo import agenda

MOST: Final = 25
Choices = list[tuple[str, Any]]


class TagFilter(admin.SimpleListFilter):
    """By tag; of many the first by name, and the one that is chosen."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        named = Tag.objects.order_by("name").values_list("pk", "name")
        first = {str(pk): name for pk, name in named[:MOST]}
        chosen = request.GET.get(self.parameter_name, "")
        if chosen.isdigit() and chosen not in first:
            first |= {str(pk): name for pk, name in named.filter(pk=int(chosen))}
        return list(first.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        chosen = self.value() or ""
        return queryset.filter(taggings__tag=int(chosen)) if chosen.isdigit() else queryset


class OwnerFilter(admin.SimpleListFilter):
    """Mine, nobody's, or a colleague's; `column` names the user on the row."""

    title = _("owner")
    parameter_name = "owner"
    column = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True).exclude(pk=request.user.pk or 0)
        others = [(str(user.pk), user.get_full_name() or user.get_username()) for user in staff[:MOST]]
        return [("me", _("Me")), ("nobody", _("Nobody")), *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen in ("me", "nobody"):
            return queryset.filter(**{self.column: request.user.pk if chosen == "me" else None})
        return queryset.filter(**{self.column: int(chosen)}) if chosen.isdigit() else queryset


class AssigneeFilter(OwnerFilter):
    """Whose task it is."""

    title = _("assigned to")
    parameter_name = "who"
    column = "assignee"


class CustomFieldFilter(admin.SimpleListFilter):
    """By a custom field that is a choice or a yes or no; `field` is set by a subclass for each."""

    title = ""
    parameter_name = ""
    field: Definition

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        words: Choices = [("yes", _("Yes")), ("no", _("No"))]
        return words if self.field.kind == Kind.YESNO else list(self.field.choices[:MOST])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        chosen = self.value()
        if not chosen:
            return queryset
        try:
            return filtering.having(queryset, self.field, kinds.stored(self.field, chosen))
        except ValidationError:
            return queryset.none()


def custom_field_filters() -> list[type[CustomFieldFilter]]:
    """A filter for each custom field that has few values, in their order."""
    return [
        type("CustomFieldFilter", (CustomFieldFilter,), {
            "field": field, "title": field.label, "parameter_name": f"custom_{field.key}",
        })
        for field in definitions.in_use() if field.kind in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YESNO)
    ]  # fmt: skip


class DueFilter(admin.SimpleListFilter):
    """Open tasks by when they are due; done ones when they are asked for."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*agenda.LABELS.items(), ("done", _("Done"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        if self.value() == "done":
            return queryset.exclude(completed_at=None)
        # A single task's page and its buttons ask without a filter, and find done tasks too.
        opened = queryset.filter(completed_at=None)
        chosen = self.value() or ""
        return opened.filter(agenda.bounds().within(chosen)) if chosen in agenda.LABELS else opened
