"""Maps in the admin: the list, a map's page with its drawing, and the library of videos."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.admin import map_page
from pipelines.admin.elements import ElementPages
from pipelines.admin.journeys import dot
from pipelines.admin.map_forms import MapForm
from pipelines.admin.what_if import what_if_page
from pipelines.maps import editing
from pipelines.models import Map, Step, Video
from triggers.admin.pages import Page, link
from triggers.admin.typed import ModelAdmin
from triggers.wording.look import pill

COUNTED = Q(journeys__is_current=True, journeys__status="open")


@admin.register(Map)
class MapAdmin(ElementPages, Page, ModelAdmin[Map]):
    """A map and everything in it."""

    form = MapForm
    page_template = "admin/pipelines/map/page.html"
    list_display = ("called", "state", "standing")
    list_display_links = ("called",)
    list_filter = ("active",)
    search_fields = ("name",)
    actions = None
    fields = ("name", "colour", "description", "active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Map]:
        rows: QuerySet[Map] = super().get_queryset(request)
        return rows.annotate(leads=Count("journeys", filter=COUNTED))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that leads have been in is switched off instead; one with tracks is taken apart first."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.journeys.exists() or obj.tracks.exists()))

    @admin.display(description=gettext_lazy("map"), ordering="name")
    def called(self, target: Map) -> SafeString:
        return dot(target.colour, target.name)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, target: Map) -> SafeString:
        return pill("live", _("Active")) if target.active else pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("leads"), ordering="leads")
    def standing(self, target: Any) -> SafeString:
        url = f"{reverse('admin:pipelines_journey_changelist')}?map={target.pk}"
        return link(url if target.leads else "", target.leads)

    def get_urls(self) -> list[URLPattern]:
        form = self.admin_site.admin_view(self.form_view)
        trying = self.admin_site.admin_view(partial(what_if_page, self))
        return [
            path("<int:pk>/form/", form, name="pipelines_map_form"),
            path("what-if/", trying, name="pipelines_what_if"),
            *super().get_urls(),
        ]

    def form_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Its name, colour and whether it takes new leads: Django's own form, at an address of its own."""
        return super(Page, self).change_view(request, str(pk))

    def page(self, request: HttpRequest, obj: Map) -> dict[str, Any]:
        may = self.has_change_permission(request, obj)
        return {"title": obj.name, "may_change": may, **map_page.gather(obj)}


@admin.register(Video)
class VideoAdmin(ModelAdmin[Video]):
    """The videos that steps show, and how many steps show each."""

    list_display = ("name", "url", "shown_in")
    search_fields = ("name", "url")
    fields = ("name", "url", "description")
    ordering = ("name",)
    actions = None

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        urls = [row.url for row in changes.result_list]
        steps = Step.objects.filter(video_url__in=urls, deleted_at=None).order_by()
        counts = dict(steps.values_list("video_url").annotate(Count("pk")))
        for row in changes.result_list:
            row.n_steps = counts.get(row.url, 0)
        return changes

    @admin.display(description=gettext_lazy("steps"))
    def shown_in(self, video: Any) -> int:
        return int(video.n_steps)

    def save_model(self, request: HttpRequest, obj: Video, form: Any, change: bool) -> None:
        editing.save_video(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not while a step shows it."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not Step.objects.filter(video_url=obj.url, deleted_at=None).exists())
