"""Pages that only show: lists and records nobody writes by hand, each with a page of its own making."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from triggers.secrets import redact

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class ReadOnly(_Admin):
    """Nobody adds, changes or deletes these by hand."""

    actions: Any = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Page(_Admin):
    """In place of a form, `page_template` with what `page` gives."""

    page_template = ""

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            missing: HttpResponseRedirect = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
            return missing
        context = {
            **self.admin_site.each_context(request),
            "title": str(obj), "opts": self.opts, "original": obj, "now_path": request.get_full_path(),
            **self.page(request, obj), **(extra_context or {}),
        }  # fmt: skip
        return TemplateResponse(request, self.page_template, context)


# One field for a moment, which the browser knows how to ask for.
MOMENTS: Final[Mapping[Any, Any]] = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    },
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
}


class MadeByForm(_Admin):
    """For rows that a service stores: the form takes the user as `by`, and its `made` is the stored row."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)

        class Asked(form):  # type: ignore[misc]
            def __init__(self, *args: Any, **given: Any) -> None:
                super().__init__(*args, by=request.user, **given)

        return Asked

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        form.instance, form.save_m2m = form.made, lambda: None
        return form.made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """It is stored."""


def link(url: str, words: Any) -> SafeString:
    """A link, or the words alone where there is nowhere to go."""
    return format_html('<a href="{}">{}</a>', url, words) if url else format_html("{}", words)


def page_of(obj: Model) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def as_json(value: Any) -> str:
    """JSON for a person to read, secrets blanked; empty where there is nothing."""
    return json.dumps(redact(value), indent=2, ensure_ascii=False, default=str) if value else ""


def refused(problems: list[Any]) -> str:
    """Why something was not done, each problem at its place."""
    return _("Not done: %(problems)s") % {"problems": " ".join(problem.message for problem in problems)}
