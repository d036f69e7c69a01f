"""The board's pages: the board itself, moving a card, and closing a deal with a reason."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pipelines import services
from pipelines.deals import board as boards
from pipelines.models import LostReason, Opportunity, Pipeline
from triggers.noting import note

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

MOST_OWNERS = 40
FILTERS = ("pipeline", "owner", "activity", "q", "lane")


class BoardPages(_Admin):
    """Gives the opportunities' admin its board."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("board/", guard(self.board), name="pipelines_opportunity_board"),
            path("<int:pk>/move/", guard(self.move_card), name="pipelines_opportunity_move"),
            path("<int:pk>/close/", guard(self.close_page), name="pipelines_opportunity_close"),
            *super().get_urls(),
        ]

    def board(self, request: HttpRequest) -> HttpResponse:
        """The lanes of one pipeline, narrowed as the address says."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), **self._context(request), "opts": self.opts}
        return TemplateResponse(request, "admin/pipelines/opportunity/board.html", context)

    def move_card(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Moves a card to a stage, or to those that are won. Answers scripts with the lanes anew, others with the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deal = self._deal(request, pk)
        wanted = request.POST.get("to", "")
        scripted = request.headers.get("X-Requested-With") == "fetch"
        try:
            done = _moved(deal, wanted)
        except ValidationError as error:
            why = " ".join(error.messages)
            if scripted:
                return HttpResponse(why, status=409, content_type="text/plain")
            messages.error(request, why)
            return redirect(_back(request))
        told = _(done) % {"deal": deal, "stage": deal.stage} if done else ""
        if done:
            note(request.user, deal, done, deal=deal, stage=deal.stage)
        if scripted:
            context = {**self._context(request), "announce": told or _("It is there already."), "moved": deal.pk}
            return TemplateResponse(request, "admin/pipelines/opportunity/lanes.html", context)
        if told:
            messages.success(request, told)
        return redirect(_back(request))

    def close_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks why a deal was won, lost or given up; by POST it is closed."""
        deal = self._deal(request, pk)
        status = request.POST.get("status") or request.GET.get("status") or Opportunity.Status.LOST
        if status not in (Opportunity.Status.WON, Opportunity.Status.LOST, Opportunity.Status.ABANDONED):
            raise Http404
        refused = ""
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            try:
                services.close(deal, status, int(reason) if reason.isdigit() else None)
            except ValidationError as error:
                refused = " ".join(error.messages)
            else:
                done, name = gettext_noop("%(deal)s: %(status)s."), Opportunity.Status(deal.status).label
                note(request.user, deal, done, deal=deal, status=name)
                messages.success(request, _(done) % {"deal": deal, "status": name})
                return redirect(_back(request, reverse("admin:pipelines_opportunity_change", args=[deal.pk])))
        outcome = LostReason.Outcome.WON if status == Opportunity.Status.WON else LostReason.Outcome.LOST
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": deal, "status": status,
            "reasons": LostReason.objects.filter(outcome=outcome), "refused": refused,
            "next": request.POST.get("next") or request.GET.get("next", ""), "title": _close_title(status, deal),
            "verb": Opportunity.Status(status).label,
        }  # fmt: skip
        return TemplateResponse(request, "admin/pipelines/opportunity/close.html", context)

    def _deal(self, request: HttpRequest, pk: int) -> Opportunity:
        """The deal, for somebody who may change it."""
        deal: Opportunity | None = Opportunity.objects.filter(pk=pk).first()
        if deal is None:
            raise Http404
        if not self.has_change_permission(request, deal):
            raise PermissionDenied
        return deal

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.now()
        pipelines = list(Pipeline.objects.all())
        pipeline = _chosen(pipelines, request.GET.get("pipeline", ""))
        asked = _asked(request)
        found = boards.board(pipeline, asked, now) if pipeline else None
        lanes = found.lanes if found else []
        keys = [lane.key for lane in lanes]
        lane = request.GET.get("lane", "")
        kept = {n: v for n, v in request.GET.items() if v and (n in FILTERS or n.startswith("show-"))}
        return {
            "title": pipeline.name if pipeline else _("Board"), "pipelines": pipelines, "pipeline": pipeline,
            "board": found, "lanes": lanes, "lane": lane if lane in keys else (keys[0] if keys else ""),
            "more": {each.key: _more(kept, each) for each in lanes}, "switch": {k: _with(kept, lane=k) for k in keys},
            "owners": _owners(request), "owner": request.GET.get("owner", ""), "activity": asked.activity,
            "words": asked.words, "query": urlencode(kept), "may_change": self.has_change_permission(request),
            "may_add": self.has_add_permission(request), "month": now, "here": request.get_full_path(),
            "board_url": reverse("admin:pipelines_opportunity_board"),
        }  # fmt: skip


def _moved(deal: Opportunity, wanted: str) -> str:
    """What was done, as an English sentence; empty where the deal is there already. Raises ValidationError."""
    if wanted == boards.WON:
        changes = services.close(deal, Opportunity.Status.WON) if deal.status != Opportunity.Status.WON else {}
        return gettext_noop("%(deal)s is won.") if changes else ""
    if not wanted.isdigit():
        raise ValidationError(_("Choose a stage."))
    changes = services.move(deal, int(wanted), reopen=True)
    return gettext_noop("%(deal)s moved to %(stage)s.") if changes else ""


def _asked(request: HttpRequest) -> boards.Asked:
    owner, activity = request.GET.get("owner", ""), request.GET.get("activity", "")
    shown = {
        name.removeprefix("show-"): int(str(count))
        for name, count in request.GET.items()
        if name.startswith("show-") and str(count).isdigit() and len(str(count)) < 5
    }
    number = request.user.pk if owner == "me" else int(owner) if owner.isdigit() and len(owner) < 19 else None
    words = request.GET.get("q", "").strip()[:100]
    return boards.Asked(number, owner == "nobody", activity if activity in ("stale", "active") else "", words, shown)


def _chosen(pipelines: list[Pipeline], wanted: str) -> Pipeline | None:
    """The pipeline of this number; else the first."""
    return next((each for each in pipelines if str(each.pk) == wanted), pipelines[0] if pipelines else None)


def _owners(request: HttpRequest) -> list[tuple[str, str]]:
    staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True).exclude(pk=request.user.pk or 0)
    others = [(str(user.pk), user.get_full_name() or user.get_username()) for user in staff[:MOST_OWNERS]]
    return [("", _("anyone")), ("me", _("me")), ("nobody", _("nobody")), *others]


def _more(kept: dict[str, Any], lane: boards.Lane) -> str:
    return f"{_with(kept, **{f'show-{lane.key}': len(lane.cards) + 2 * boards.PER_LANE})}#lane-{lane.key}"


def _with(kept: dict[str, Any], **more: Any) -> str:
    return f"?{urlencode({**kept, **more})}"


def _back(request: HttpRequest, other: str = "") -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return other or reverse("admin:pipelines_opportunity_board")


def _close_title(status: str, deal: Opportunity) -> str:
    words = {
        "won": _("Why was %(deal)s won?"), "lost": _("Why was %(deal)s lost?"),
        "abandoned": _("Why is %(deal)s given up?"),
    }  # fmt: skip
    return words[status] % {"deal": deal}
