"""The page on which staff try a map: act after act, and what each would bring about. Nothing is sent or kept."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from contacts.models import Contact
from pipelines.maps import what_if
from pipelines.models import Map

# What belongs to the page, not to the act that was pressed.
OWN = ("csrfmiddlewaretoken", "map", "channel", "contact", "acts")


def what_if_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Plays what the form carries and the act that was pressed, and draws what may come next."""
    if not request.user.has_perm("pipelines.view_map"):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    chosen = _map(data.get("map", ""))
    channel = data.get("channel", "form") if data.get("channel") in dict(Contact.Channel.choices) else "form"
    person, unknown = _person(request, data.get("contact", "").strip())
    acts = data.getlist("acts")[: what_if.MOST]
    if request.method == "POST":
        acts = _next(request, acts)
    played = what_if.play(chosen, channel, person, acts) if chosen is not None and not unknown else None
    context = {
        **admin.site.each_context(request), "opts": model_admin.opts, "title": _("What if"), "original": chosen,
        "map": chosen, "maps": Map.objects.order_by("name"), "channel": channel, "channels": Contact.Channel.choices,
        "contact": data.get("contact", ""), "unknown": unknown, "acts": acts, "played": played,
        "at": played.at if played else None, "full": len(acts) >= what_if.MOST,
    }  # fmt: skip
    return TemplateResponse(request, "admin/pipelines/map/what_if.html", context)


def _next(request: HttpRequest, acts: list[str]) -> list[str]:
    pressed = request.POST.get("act", "")
    if pressed == "back":
        return acts[:-1]
    if not pressed or len(acts) >= what_if.MOST:
        return acts
    given = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    return [*acts, urlencode(given)]


def _map(number: str) -> Map | None:
    found: Map | None = Map.objects.filter(pk=number).first() if number.isdigit() and len(number) < 19 else None
    return found


def _person(request: HttpRequest, number: str) -> tuple[Contact | None, str]:
    """The contact whose values are borrowed, and what is wrong with the number that was entered."""
    if not number:
        return None, ""
    if not request.user.has_perm("contacts.view_contact"):
        raise PermissionDenied
    found = Contact.objects.filter(pk=number).first() if number.isdigit() and len(number) < 19 else None
    found = found or Contact.objects.filter(email__iexact=number).order_by("pk").first()
    return found, "" if found else _("There is no such contact. Enter an e-mail address or a contact's number.")
