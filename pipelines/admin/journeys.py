"""Journeys in the admin: the list of who stands where, and the page on which an agent moves a lead on."""

from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from contacts.models import Contact
from pipelines.admin.journey_filters import AgentFilter, MapFilter, StandingFilter, TrackFilter
from pipelines.maps import ahead, doing, links, standing, story, verbs
from pipelines.maps.refusal import Refused
from pipelines.models import Journey, JourneyTrack, Map, Track
from triggers.admin.pages import Page, ReadOnly, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid
from triggers.wording import moments
from triggers.wording.look import pill

CHANGE: Final = "pipelines.change_journey"
ADD: Final = "pipelines.add_journey"
# Lines of the history that stand on the page before "All".
SHOWN: Final = 10
Refusal = tuple[str, str, Any]


@admin.register(Journey)
class JourneyAdmin(ReadOnly, Page, ModelAdmin[Journey]):
    """Where a lead stands in its map, and what is to be done."""

    page_template = "admin/pipelines/journey/page.html"
    list_display = ("lead", "in_map", "stands", "state", "agent", "opened")
    list_display_links = ("lead",)
    list_filter = (StandingFilter, MapFilter, TrackFilter, AgentFilter)
    list_select_related = ("contact__owner", "map")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("contact__first_name", "contact__last_name", "contact__email", "contact__phone")
    search_help_text = gettext_lazy("Search name, e-mail, phone")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Journey]:
        opened = JourneyTrack.objects.filter(status=JourneyTrack.Status.OPEN).order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("tracks", opened, to_attr="open_tracks"))

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:pk>/act/", guard(self.act), name="pipelines_journey_act"),
            path("<int:pk>/new-link/", guard(self.new_link), name="pipelines_journey_new_link"),
            path("put/<int:contact>/", guard(self.put), name="pipelines_journey_put"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("lead"), ordering="contact__first_name")
    def lead(self, journey: Journey) -> str:
        return str(journey.contact)

    @admin.display(description=gettext_lazy("map"), ordering="map__name")
    def in_map(self, journey: Journey) -> SafeString:
        return dot(journey.map.colour, journey.map.name)

    @admin.display(description=gettext_lazy("stands in"))
    def stands(self, journey: Any) -> str:
        names = [track.name for track in journey.open_tracks if track.kind != Track.Kind.VIDEO]
        return ", ".join(names or [track.name for track in journey.open_tracks]) or "–"

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, journey: Journey) -> SafeString:
        return state_pill(journey)

    @admin.display(description=gettext_lazy("agent"), ordering="contact__owner")
    def agent(self, journey: Journey) -> str:
        owner = journey.contact.owner
        return (owner.get_full_name() or owner.get_username()) if owner else "–"

    @admin.display(description=gettext_lazy("opened"), ordering="opened_at")
    def opened(self, journey: Journey) -> Any:
        return moments.shown(journey.opened_at)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Journey | None:
        rows = Journey.objects.select_related("contact__owner", "map")
        found: Journey | None = rows.filter(pk=object_id).first() if object_id.isdigit() else None
        return found

    def page(self, request: HttpRequest, obj: Journey) -> dict[str, Any]:
        refused: Refusal | None = getattr(request, "refused", None)
        at = standing.of(obj, timezone.now(), refused)
        lines = story.story(obj)
        everything = request.GET.get("history") == "all"
        may = request.user.has_perm(CHANGE)
        return {
            "journey": obj, "at": at, "title": str(obj.contact), "pill": lead_pill(obj),
            "may_act": may and obj.is_open, "may_change": may and obj.is_current,
            "coming": ahead.coming(at), "lines": lines if everything else lines[:SHOWN], "lines_count": len(lines),
            "more_lines": not everything and len(lines) > SHOWN,
            "colour": obj.map.colour, "refused_act": refused if refused and not refused[0] else None,
            "maps": assignable(obj.map_id) if may else [], "contact_url": page_of(obj.contact),
            "link": links.address(obj) if may and obj.is_current else "",
        }  # fmt: skip

    @method_decorator(require_POST)
    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One act, posted; refused, the page comes back with the reason at its step and what was typed in it."""
        journey = self._posted(request, pk)
        act, step = request.POST.get("act", ""), request.POST.get("step", "")
        try:
            said = doing.do(act, journey, step, request.POST, timezone.now())
        except Invalid as error:
            return self._refused(request, journey, step, error)
        messages.success(request, said)
        now = Journey.objects.filter(contact=journey.contact_id, is_current=True).first() or journey
        return redirect(page_of(now))

    @method_decorator(require_POST)
    def new_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ends the links to the lead's own page that were given out, and makes a new one."""
        journey = self._posted(request, pk)
        links.make_new(journey, request.user)
        messages.success(request, _("The new link is on this page. Links sent before do not work any more."))
        return redirect(f"{page_of(journey)}#own-page")

    def _posted(self, request: HttpRequest, pk: int) -> Journey:
        """The journey that is to be changed. Raises PermissionDenied and Http404."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        journey = self.get_object(request, str(pk))
        if journey is None:
            raise Http404
        return journey

    def _refused(self, request: HttpRequest, journey: Journey, step: str, error: Invalid) -> HttpResponse:
        why = " ".join(problem.message for problem in error.problems)
        is_there = step.isdigit() and journey.steps.filter(pk=step).exists()
        request.refused = (step if is_there else "", why, request.POST)  # type: ignore[attr-defined]
        response = self.change_view(request, str(journey.pk))
        response.status_code = getattr(error, "status_code", 422)
        return response

    def put(self, request: HttpRequest, contact: int) -> HttpResponse:
        """Puts a contact that stands in no map, or in another one, into the map that was chosen."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        person = Contact.objects.filter(pk=contact).first()
        if person is None:
            raise Http404
        number = request.POST.get("map", "")
        target = Map.objects.filter(pk=number).first() if number.isdigit() and len(number) < 19 else None
        try:
            if target is None:
                raise Refused(_("Choose a map."))
            verbs.assign(person.pk, target, timezone.now())
        except Invalid as error:
            messages.error(request, " ".join(problem.message for problem in error.problems))
            return redirect(page_of(person))
        messages.success(request, _("%(lead)s is in “%(map)s” now.") % {"lead": person, "map": target})
        return redirect(page_of(Journey.objects.get(contact=person, is_current=True)))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A number that is none would be asked of the database otherwise."""
        return super().change_view(request, unquote(object_id), *args, **kwargs)


def assignable(but: int | None = None) -> list[Map]:
    """The maps that a lead can be put into."""
    return [each for each in Map.objects.filter(active=True).order_by("name") if each.pk != but]


def dot(colour: str, words: Any) -> SafeString:
    """A map's name behind its colour."""
    mark = '<svg class="dot" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">'
    return format_html(mark + '<circle cx="5" cy="5" r="5" fill="{}"/></svg> {}', colour, words)


def state_pill(journey: Journey) -> SafeString:
    """Of the journey: open, ready to close, how it ended, or left."""
    if journey.status == Journey.Status.CLOSED:
        return pill(journey.outcome, journey.get_outcome_display())
    if journey.status == Journey.Status.LEFT:
        return pill("skipped", journey.get_status_display())
    return pill("checked", _("Ready to close")) if journey.ready_at else pill("started", _("Open"))


def lead_pill(journey: Journey) -> SafeString:
    """Of the lead, at the head of its page."""
    status = journey.contact.lead_status
    words = {"status": journey.contact.get_lead_status_display().lower()}
    return pill("counted" if status == "open" else status, _("Lead %(status)s") % words)


def card(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """What the contact's page shows of maps: where the lead stands, and a way into a map."""
    if not request.user.has_perm("pipelines.view_journey"):
        return None
    journey = standing.current_of([contact.pk]).get(contact.pk)
    may_put = request.user.has_perm(ADD)
    return {
        "journey": journey, "at": standing.of(journey, timezone.now()) if journey else None,
        "url": page_of(journey) if journey else "", "pill": state_pill(journey) if journey else "",
        "colour": journey.map.colour if journey else "",
        "maps": assignable(journey.map_id if journey else None) if may_put else [],
        "put_url": reverse("admin:pipelines_journey_put", args=[contact.pk]),
        "earlier": [
            (link(page_of(row), row.map.name), state_pill(row))
            for row in Journey.objects.filter(contact=contact, is_current=False).select_related("map")[:5]
        ],
    }  # fmt: skip
