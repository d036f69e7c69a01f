"""Buttons on admin pages: each does one thing by POST, under a permission of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from triggers.problems import Invalid

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

# What a button does: tells what happened in a sentence, or answers with a page of its own.
Press = Callable[[Any, HttpRequest, Any], str | HttpResponse]


@dataclass(frozen=True)
class Button:
    """A button as declared. `asks` is the label of the one thing it wants to know first."""

    name: str
    label: Any
    permission: str
    icon: str
    tone: str
    asks: Any
    when: Callable[[Any], bool]


@dataclass(frozen=True)
class Offered:
    """A button as one person sees it on one page."""

    name: str
    label: str
    icon: str
    tone: str
    asks: str
    url: str


def button(
    label: Any, *, permission: str, icon: str = "", tone: str = "", asks: Any = "",
    when: Callable[[Any], bool] = lambda _obj: True,
) -> Callable[[Press], Press]:  # fmt: skip
    """Makes a method of a `Buttons` admin a button: shown where `when` holds, pressed under `permission`."""

    def declare(press: Press) -> Press:
        name = getattr(press, "__name__", "").replace("_", "-")
        press.button = Button(name, label, permission, icon, tone, asks, when)  # type: ignore[attr-defined]
        return press

    return declare


class Buttons(_Admin):
    """Gives a ModelAdmin its declared buttons, and the addresses they post to."""

    def get_urls(self) -> list[URLPattern]:
        meta = self.model._meta
        press = path(
            "<path:object_id>/do/<slug:name>/",
            self.admin_site.admin_view(self.press),
            name=f"{meta.app_label}_{meta.model_name}_do",
        )
        return [press, *super().get_urls()]

    def offered(self, request: HttpRequest, obj: Any) -> list[Offered]:
        """The buttons this person may press on this page now."""
        meta = self.model._meta
        return [
            Offered(
                declared.name, str(declared.label), declared.icon, declared.tone, str(declared.asks),
                reverse(f"admin:{meta.app_label}_{meta.model_name}_do", args=[obj.pk, declared.name]),
            )
            for declared, _press in _declared(self).values()
            if _may(request, declared) and declared.when(obj)
        ]  # fmt: skip

    def press(self, request: HttpRequest, object_id: str, name: str) -> HttpResponseBase:
        """Does what the button says, tells what came of it, and goes back to the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj = self.get_object(request, unquote(object_id))
        if obj is None or name not in _declared(self):
            raise Http404
        declared, press = _declared(self)[name]
        if not self.has_view_or_change_permission(request, obj) or not _may(request, declared):
            raise PermissionDenied
        try:
            answer = press(self, request, obj)
        except Invalid as error:
            answer = ""
            messages.error(request, " ".join(problem.message for problem in error.problems))
        if not isinstance(answer, str):
            return answer
        if answer:
            messages.success(request, answer)
        return redirect(_back(request, self.page_url(obj)))

    def page_url(self, obj: Any) -> str:
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])


def _declared(model_admin: Any) -> dict[str, tuple[Button, Press]]:
    """The buttons in the order of their declaration."""
    found = {}
    for kind in type(model_admin).__mro__:
        for press in vars(kind).values():
            declared = getattr(press, "button", None)
            if isinstance(declared, Button):
                found[declared.name] = (declared, press)
    return found


def _may(request: HttpRequest, declared: Button) -> bool:
    return request.user.has_perm(declared.permission)


def _back(request: HttpRequest, page: str) -> str:
    """Where the button was pressed, when the form says so and it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return page
