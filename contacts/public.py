"""What public pages share: who may ask how often, how they answer, and that nothing of them is logged or kept.

They work without script. Where no cookie says who somebody is, there is nothing to forge either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from triggers import visiting
from triggers.models import Organisation

METHODS: Final = ("GET", "HEAD", "POST")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Pages:
    """The public pages of an app: `name` counts their visitors apart, `template` says one sentence.

    From one internet address so many requests a minute are answered, and from all together `together` times as many.
    `by_cookie`: a cookie says who asks, so Django's protection against forged posts stays on.
    """

    name: str
    template: str
    looks_a_minute: int = 120
    acts_a_minute: int = 10
    together: int = 60
    by_cookie: bool = False

    def page(self, view: View) -> View:
        """Makes a view public: bounded, never cached, not logged with its address, and patient with a busy database."""

        @wraps(view)
        def answer(request: HttpRequest, **given: Any) -> HttpResponse:
            if request.method not in METHODS:
                return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
            wait = self.seconds_to_wait(request)
            try:
                response = self.too_often(request, wait) if wait else view(request, **given)
            except OperationalError:
                told = _("We are very busy right now. Go back and send it again in a minute.")
                response = self.said(request, 503, _("Not done yet"), told)
                response["Retry-After"] = "60"
            response._has_been_logged = True  # type: ignore[attr-defined]
            response["X-Robots-Tag"] = "noindex"
            # Without a referrer a browser sends no origin that the protection against forged posts would take.
            response["Referrer-Policy"] = "same-origin" if self.by_cookie else "no-referrer"
            return response

        public = never_cache(login_not_required(answer))
        # The signature in a link authorises, or nothing has to.
        return public if self.by_cookie else csrf_exempt(public)

    def seconds_to_wait(self, request: HttpRequest) -> float:
        acts = request.method == "POST"
        limit = self.acts_a_minute if acts else self.looks_a_minute
        what = self.name if acts else f"{self.name}l"
        return visiting.seconds_to_wait(what, request, limit, limit * self.together, timezone.now())

    def said(self, request: HttpRequest, status: int, heading: str, told: str, **more: Any) -> HttpResponse:
        """A page of one sentence."""
        return self.shown(request, self.template, {"heading": heading, "told": told, **more}, status)

    def shown(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(request, template, {"organisation": Organisation.get(), **context}, status=status)

    def too_often(self, request: HttpRequest, wait: float) -> HttpResponse:
        told = _("That was very often within a minute. Wait a moment, then go back and send it again.")
        response = self.said(request, 429, _("Not done yet"), told)
        response["Retry-After"] = str(int(wait) + 1)
        return response
