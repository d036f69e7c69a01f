"""Calls any HTTP API; what it answers is there for later actions and branches."""

import json
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.models.credential import Credential
from triggers.models.prepared import PreparedRequest
from triggers.outside import answers, credentials, exchange, net, request_checks, url_template
from triggers.outside.exchange import Failed, Time
from triggers.problems import Problem
from triggers.run_context import RunContext

RESPONSE_KEPT: Final = 1000
# A longer one is kept once, for the next try, and not with each attempt.
BODY_SHOWN: Final = 20_000


@action(
    "http.request", label=gettext_lazy("HTTP request"), section="Integrations", touches="outside",
    texts=("url", "headers", "query", "body"),
)  # fmt: skip
class HttpRequest(Action):
    """Calls an HTTP API. Later actions and branches read `actions.<uid>.status`, `.headers` and `.body`.

    Every try sends the same bytes, with the same Idempotency-Key unless it is a GET. GET, PUT and DELETE are
    repeated when a call may have been lost; the others only where the receiver honours that key, and a person
    decides otherwise.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(
        "GET",
        title=gettext_noop("Method"),
        json_schema_extra={
            "labels": {
                "GET": gettext_noop("GET"),
                "POST": gettext_noop("POST"),
                "PUT": gettext_noop("PUT"),
                "PATCH": gettext_noop("PATCH"),
                "DELETE": gettext_noop("DELETE"),
            }
        },
    )
    url: str = Field(
        min_length=1,
        max_length=2000,
        examples=["https://api.example.com/people/{{ contact.id }}"],
        title=gettext_noop("Address"),
    )
    credential: str = Field("", title=gettext_noop("Credential; empty means none"))
    headers: dict[str, str] = Field({}, max_length=30, title=gettext_noop("Headers"))
    query: dict[str, str] = Field({}, max_length=50, title=gettext_noop("Query of the address"))
    body: dict[str, Any] | list[Any] | None = Field(None, title=gettext_noop("JSON body"))
    timeout: int = Field(20, ge=1, le=20, title=gettext_noop("Seconds to wait at most"))
    accept: list[int] = Field([], max_length=20, title=gettext_noop("Further statuses that count as success"))
    repeatable_by_key: bool = Field(False, title=gettext_noop("The receiver honours Idempotency-Key"))

    def problems(self, uid: str) -> list[Problem]:
        found = request_checks.url(self.url) + request_checks.headers(self.headers)
        found += request_checks.secrets(self.url, self.headers, self.query) + request_checks.body(self.body)
        if self.body is not None and self.method == "GET":
            found.append(Problem(("body",), _("A GET has no body. Choose another method, or take it out.")))
        if any(not 200 <= status <= 599 for status in self.accept):
            found.append(Problem(("accept",), _("Statuses are numbers from 200 to 599.")))
        try:
            self._credential()
        except Failed as failed:
            found.append(Problem(("credential",), getattr(failed.outcome, "why", "")))
        return found

    def needed(self) -> tuple[str, ...]:
        return ("triggers.view_credential",) if self.credential else ()

    def may_repeat(self) -> bool:
        return self.method in ("GET", "PUT", "DELETE") or self.repeatable_by_key

    def destination(self) -> str:
        return exchange.receiver(self.url)

    def run(self, ctx: RunContext) -> Outcome:
        outcome = exchange.outcome_of(lambda: self._call(ctx))
        if isinstance(outcome, Fail):
            PreparedRequest.forget(ctx.key)
        return outcome

    def preview(self, ctx: RunContext) -> str:
        outcome = self.simulate(ctx)
        return str(getattr(outcome, "summary", "") or getattr(outcome, "why", ""))

    def simulate(self, ctx: RunContext) -> Outcome:
        return exchange.outcome_of(lambda: self._rehearse(ctx))

    def _rehearse(self, ctx: RunContext) -> Outcome:
        self._credential()
        url = self._rendered(ctx)["url"].partition("?")[0]
        return Done(_("Calls %(method)s %(url)s.") % {"method": self.method, "url": url})

    def _call(self, ctx: RunContext) -> Outcome:
        credential = self._credential()
        request = PreparedRequest.once(ctx.key, lambda: self._rendered(ctx))
        ctx.request = self._shown(request)
        answer = self._answer(ctx, request, credential)
        result = answers.read(answer, credentials.hidden(credential) if credential else ())
        said = answers.shown(result)
        ctx.status_code, ctx.response = answer.status, said[:RESPONSE_KEPT]
        if not (200 <= answer.status < 300 or answer.status in self.accept):
            return exchange.failure(request["url"], answer, said, ctx.now, repeatable=self.may_repeat())
        words = {"host": urlsplit(request["url"]).hostname, "status": answer.status}
        text = _("%(host)s answered %(status)d; the answer was cut, for it is too long.")
        whole = _("%(host)s answered %(status)d.")
        return Done((text if "truncated" in result else whole) % words, result)

    def _answer(self, ctx: RunContext, request: dict[str, Any], credential: Credential | None) -> net.Response:
        """The receiver's answer; an access token it does not take any more is fetched anew, once."""
        allowed = Time(self.timeout)
        sent = {**request["headers"], **exchange.marks(ctx.event)}
        if self.method != "GET":
            sent[request_checks.KEY_HEADER] = str(ctx.key)

        def send(renew: bool = False) -> net.Response:
            carried = credentials.headers(credential, ctx.now, allowed, renew=renew) if credential else {}
            body = (request["body"] or "").encode()
            return exchange.send(
                self.method, request["url"], sent | carried, body, allowed, repeatable=self.may_repeat()
            )

        answer = send()
        if answer.status == 401 and credential and credential.kind == Credential.Kind.OAUTH2:
            answer = send(renew=True)
        return answer

    def _rendered(self, ctx: RunContext) -> dict[str, Any]:
        """What is sent but for credentials and our own headers. Raises UnsafeUrl and TextError."""
        query = {name: ctx.render_line(value) for name, value in self.query.items()}
        filled = url_template.fill(self.url, ctx.render_line)
        own = {name: ctx.render_line(value) for name, value in self.headers.items()}
        usual = {"Accept": "application/json"} | ({} if self.body is None else {"Content-Type": "application/json"})
        named = {name.lower() for name in own}
        headers = {name: value for name, value in usual.items() if name.lower() not in named} | own
        net.check_headers(headers)
        return {
            "url": url_template.with_query(filled, urlencode(query, errors="replace")),
            "headers": headers,
            "body": None if self.body is None else json.dumps(ctx.render_json(self.body), allow_nan=False),
        }

    def _credential(self) -> Credential | None:
        """The credential named; raises `Failed` where it is gone, or not for the host that is called."""
        if not self.credential:
            return None
        found = Credential.objects.filter(slug=self.credential).first()
        if found is None:
            why = _("There is no credential “%(slug)s”. Add it, or choose another.") % {"slug": self.credential}
            raise Failed(Fail(why))
        host = url_template.host(self.url)
        if not found.is_for(host):
            why = _("The credential “%(name)s” is not for %(host)s. Add the host to it, or choose another.")
            raise Failed(Fail(why % {"name": found.name, "host": host}))
        return found

    def _shown(self, request: dict[str, Any]) -> dict[str, Any]:
        """The request as its attempt keeps it; secrets are blanked by name when it is stored."""
        url, _mark, query = request["url"].partition("?")
        body = request["body"] or "null"
        return {
            "method": self.method, "url": url, "query": dict(parse_qsl(query, keep_blank_values=True)),
            "headers": request["headers"], "auth": self.credential,
            "body": json.loads(body) if len(body) <= BODY_SHOWN else _("%(n)d bytes") % {"n": len(body)},
        }  # fmt: skip
