"""`/j/<token>/`: the lead's own page. No session, no cookies: the signed link says whose journey it is.

GET shows and changes nothing, since mail scanners follow links. The lead sees and does its own steps only.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, SignatureExpired
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pipelines.maps import doing, links, standing
from pipelines.maps.standing import Standing, StepShown
from pipelines.models import Journey, JourneyStep, Video
from triggers import languages, media
from triggers.api.rates import wait_for_turn
from triggers.context import act_as
from triggers.models import Organisation
from triggers.problems import Invalid

# A page, its videos' progress every ten seconds, and some steps.
A_MINUTE: Final = 60
ORIGIN: Final = "lead page"


# The signature in the link is what authorises; there is no cookie to protect.
@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def lead_page(request: HttpRequest, token: str) -> HttpResponse:
    """The lead's steps and videos; by POST an act of the lead. 404 for a link not ours, 410 for one that ended."""
    organisation = Organisation.get()
    with timezone.override(organisation.zone):
        try:
            journey = links.journey_of(token)
        except (SignatureExpired, links.Replaced) as error:
            return _gone(request, organisation, 410, is_replaced=isinstance(error, links.Replaced))
        except BadSignature:
            journey = None
        if journey is None:
            return _gone(request, organisation, 404)
        wait = wait_for_turn(f"j:{journey.pk}", A_MINUTE, 60, timezone.now().timestamp())
        if wait:
            return _quiet(HttpResponse(status=429, headers={"Retry-After": str(int(wait) + 1)}))
        with languages.of_reader(journey.contact.language):
            return _quiet(_act(request, journey) if request.method == "POST" else _page(request, journey))


def _gone(request: HttpRequest, organisation: Organisation, status: int, *, is_replaced: bool = False) -> HttpResponse:
    context = {"organisation": organisation, "is_replaced": is_replaced}
    return _quiet(render(request, "pipelines/lead/gone.html", context, status=status))


def _act(request: HttpRequest, journey: Journey) -> HttpResponse:
    """One act of the lead: completes a step, changes it, takes it back, or notes how much of a video was watched."""
    act, step = request.POST.get("act", ""), request.POST.get("step", "")
    by_script = request.headers.get("Accept") == "application/json"
    try:
        # Whoever is signed in at this browser is not who acts: the link is the lead's.
        with act_as(actor="system", actor_id="", origin=ORIGIN):
            doing.do(act, journey, step, request.POST, timezone.now(), by="lead")
    except Invalid as error:
        why = " ".join(problem.message for problem in error.problems)
        status = getattr(error, "status_code", 422)
        if by_script:
            return JsonResponse({"refused": why}, status=status)
        response = _page(request, journey, (step, why, request.POST))
        response.status_code = status
        return response
    if by_script:
        done = JourneyStep.objects.filter(pk=step, status=JourneyStep.Status.DONE).exists()
        return JsonResponse({"done": done})
    return redirect(f"{request.path}?done={step}#now" if act == "complete" else f"{request.path}#now")


def _page(request: HttpRequest, journey: Journey, refused: tuple[str, str, Any] | None = None) -> HttpResponse:
    journey.refresh_from_db()
    at = standing.of(journey, timezone.now(), refused)
    videos = [step for track in at.videos for step in track.steps if doing.is_for_lead(step.row)]
    videos = videos if journey.video_access else []
    library = set(
        Video.objects.filter(url__in=[each.row.step.video_url for each in videos]).values_list("url", flat=True)
    )
    mine = [step for step in (at.task.steps if at.task else []) if doing.is_for_lead(step.row)]
    context = {
        "organisation": Organisation.get(), "journey": journey, "at": at, "may_act": journey.is_open,
        "todo": [step for step in mine if step.is_open], "done": [step for step in mine if step.is_done],
        "videos": [(step, _plays(step, library)) for step in videos], "said": _said(request, at),
        "refused_page": refused[1] if refused and not any(str(step.row.pk) == refused[0] for step in mine) else "",
    }  # fmt: skip
    response = render(request, "pipelines/lead/page.html", context)
    media.allow(response, library)
    return response


def _plays(step: StepShown, library: set[str]) -> str:
    """The address that the page may play: one of the library, or a file of this installation."""
    url = step.row.step.video_url
    return url if url in library or url.startswith("/") else ""


def _said(request: HttpRequest, at: Standing) -> str:
    """The completion message of the step that was just done."""
    number = request.GET.get("done", "")
    if not number.isdigit() or len(number) > 18:
        return ""
    steps = JourneyStep.objects.filter(pk=number, journey=at.journey, status=JourneyStep.Status.DONE)
    found = steps.select_related("step").first()
    return found.step.completion_message if found and doing.is_for_lead(found) else ""


def _quiet(response: HttpResponse) -> HttpResponse:
    """Django would log a refused request with its path, and the path holds the token."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    return response
