"""Pages for the parts of a map: its tracks and steps are added, edited, moved and removed, and workflows attached."""

import json
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from pipelines.admin.map_forms import StepForm, TrackForm
from pipelines.maps import attached, attaching, editing
from pipelines.models import Map, Step, Track
from triggers.admin.pages import page_of
from triggers.models import Workflow
from triggers.problems import Invalid
from triggers.wording import words

CHANGE: Final = "pipelines.change_map"
FILL: Final = "triggers.backfill_workflow"
ELEMENTS: Final[dict[str, Any]] = {"map": Map, "track": Track, "step": Step}


class ElementPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """Gives the admin of maps these pages; all of them need the permission to change maps."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:pk>/track/", guard(self.add_track), name="pipelines_map_track_add"),
            path("track/<int:pk>/step/", guard(self.add_step), name="pipelines_map_step_add"),
            path("<str:kind>/<int:pk>/edit/", guard(self.edit), name="pipelines_map_element"),
            path("<str:kind>/<int:pk>/do/", guard(self.do), name="pipelines_map_element_do"),
            path("<str:kind>/<int:pk>/attach/", guard(self.attach), name="pipelines_map_attach"),
        ]
        return [*own, *super().get_urls()]

    def add_track(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new track behind the others."""
        target = get_object_or_404(Map, pk=_allowed(request, pk))
        return self._form(request, TrackForm, Track(map=target), _("Add a track"))

    def add_step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new step behind the others of the track."""
        track = get_object_or_404(Track, pk=_allowed(request, pk), deleted_at=None)
        return self._form(request, StepForm, Step(track=track), _("Add a step to “%(track)s”") % {"track": track})

    def edit(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """The form of a track or of a step."""
        element = _element(request, kind, pk, but="map")
        form: Any = TrackForm if kind == "track" else StepForm
        return self._form(request, form, element, str(element))

    def do(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Moves a track or a step up or down or to a place, or removes it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        element = _element(request, kind, pk, but="map")
        act = request.POST.get("act", "")
        if act == "remove":
            element.hide()
            messages.success(
                request, _("“%(name)s” is removed. Leads that have got to it keep it.") % {"name": element}
            )
        elif act in ("up", "down", "place"):
            at = request.POST.get("place", "")
            if act != "place":
                place = editing.move(element, -1 if act == "up" else 1)
            else:
                place = editing.place(element, int(at) if at.isdecimal() and len(at) < 6 else 1)
            among = {"name": element, "place": place, "all": len(editing.siblings(element))}
            messages.success(request, _("“%(name)s”, position %(place)d of %(all)d.") % among)
        return redirect(_at(element, removed=act == "remove"))

    def attach(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Attaches a workflow that there is, or leads to the form of a new one with its trigger filled in."""
        element = _element(request, kind, pk)
        event = (request.POST or request.GET).get("event", "")
        if event not in dict(attaching.moments_of(element)):
            event = attaching.moments_of(element)[0][0]
        if request.method == "POST":
            return self._attached(request, element, event)
        may_add = request.user.has_perm("triggers.add_workflow")
        past = attaching.past(element, event)
        context = {
            "title": _("Attach a workflow to “%(name)s”") % {"name": element}, "element": element, "kind": kind,
            "event": event, "event_label": words.event_label(event), "moments": attaching.moments_of(element),
            "past": past, "fills": _fills(request, element, event) if past else [],
            "back": _at(element), "map": _map_of(element),
            "workflows": Workflow.objects.exclude(status="archived").order_by("name")
            if request.user.has_perm("triggers.change_workflow") else [],
            "new": [(label, _new(element, event, what), said) for what, label, said in _ways()] if may_add else [],
        }  # fmt: skip
        return self._shown(request, "admin/pipelines/map/attach.html", context)

    def _attached(self, request: HttpRequest, element: Any, event: str) -> HttpResponse:
        if not request.user.has_perm("triggers.change_workflow"):
            raise PermissionDenied
        number = request.POST.get("workflow", "")
        workflow = Workflow.objects.filter(pk=number).first() if number.isdigit() and len(number) < 19 else None
        if workflow is None:
            messages.error(request, _("Choose a workflow."))
            return redirect(f"{request.path}?{urlencode({'event': event})}")
        try:
            is_new = attaching.attach(workflow, element, event)
        except Invalid as error:
            messages.error(request, " ".join(problem.message for problem in error.problems))
            return redirect(_at(element))
        said = _("Attached in the draft of “%(name)s”. Publish it, and it starts from then on.")
        already = _("“%(name)s” has this trigger already.")
        messages.success(request, (said if is_new else already) % {"name": workflow})
        return redirect(page_of(workflow))

    def _form(self, request: HttpRequest, form_class: Any, element: Any, title: str) -> HttpResponse:
        is_new = element.pk is None
        form = form_class(request.POST or None, instance=element)
        if request.method == "POST" and form.is_valid():
            changed = form.save(commit=False)
            if is_new:
                editing.add(changed)
            else:
                changed.save(update_fields=form.changed_data or ["name"])
            messages.success(request, _("“%(name)s” is saved.") % {"name": changed})
            if "_another" in request.POST and isinstance(changed, Step):
                return redirect("admin:pipelines_map_step_add", changed.track_id)
            return redirect(_at(changed))
        context = {
            "title": title, "form": form, "element": element, "map": _map_of(element), "is_new": is_new,
            "is_step": isinstance(element, Step), "back": page_of(_map_of(element)),
        }  # fmt: skip
        response = self._shown(request, "admin/pipelines/map/element.html", context)
        response.status_code = 422 if form.errors else 200
        return response

    def _shown(self, request: HttpRequest, template: str, own: dict[str, Any]) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": own["map"], **own}
        return TemplateResponse(request, template, context)


def _ways() -> list[tuple[str, str, str]]:
    return [
        ("plain", _("New workflow here"), _("It does something when this happens.")),
        ("conditional", _("New conditional here"), _("It chooses one of several workflows by a value.")),
        ("timed", _("New time-based workflow here"), _("It comes so many days after this, unless something happens.")),
    ]


def _new(element: Any, event: str, what: str) -> str:
    draft = json.dumps(attaching.draft(element, event, what), indent=2, ensure_ascii=False)
    return f"{reverse('admin:triggers_workflow_add')}?{urlencode({'name': _('%s: ') % element, 'draft': draft})}"


def _fills(request: HttpRequest, element: Any, event: str) -> list[tuple[Workflow, str]]:
    """The live workflows of this event, each with the form of a backfill over what has happened already."""
    if not request.user.has_perm(FILL):
        return []
    page = reverse("admin:triggers_backfill_add")
    found = attached.live_at((attaching.kind_of(element), element.pk), event)
    return [(each, f"{page}?{urlencode({'workflow': each.pk, 'over': 'events'})}") for each in found]


def _allowed(request: HttpRequest, pk: int) -> int:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return pk


def _element(request: HttpRequest, kind: str, pk: int, but: str = "") -> Any:
    """The element of the definition as it is now; 404 for another kind, or one that was removed."""
    _allowed(request, pk)
    model = ELEMENTS.get(kind) if kind != but else None
    if model is None:
        raise Http404
    return get_object_or_404(model, pk=pk, **({} if model is Map else {"deleted_at": None}))


def _map_of(element: Any) -> Map:
    found: Map = (
        element if isinstance(element, Map) else element.map if isinstance(element, Track) else element.track.map
    )
    return found


def _at(element: Any, *, removed: bool = False) -> str:
    """The map's page, at the element."""
    page = page_of(_map_of(element))
    return page if removed or isinstance(element, Map) else f"{page}#{attaching.kind_of(element)}-{element.pk}"
