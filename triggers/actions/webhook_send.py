"""Sends a signed webhook to one of the outgoing endpoints (Standard Webhooks 1.0.0)."""

import json
from datetime import UTC
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.models.endpoint import OutgoingEndpoint
from triggers.models.prepared import PreparedRequest
from triggers.outside import exchange, signatures
from triggers.outside.exchange import Failed, Time
from triggers.problems import Problem
from triggers.run_context import RunContext

# Standard Webhooks asks for less than 20 kB.
LIMIT: Final = 20_000
SECONDS: Final = 20.0
RESPONSE_KEPT: Final = 1000


@action(
    "webhook.send", label=gettext_lazy("Send a webhook"), section="Integrations", touches="outside",
    repeatable=True, texts=("data",), needs=("triggers.view_outgoingendpoint",),
)  # fmt: skip
class WebhookSend(Action):
    """Posts `{"type", "timestamp", "data"}`, signed with the endpoint's secret: the event's data, or fields of
    your own. Every try has the same id and the same body, so a receiver that knows the id does nothing twice.
    """

    endpoint: str = Field(min_length=1, title=gettext_noop("Outgoing webhook"), examples=["shop"])
    type: str = Field(
        "", pattern=r"^[A-Za-z0-9_.]*$", max_length=80, title=gettext_noop("Type; empty means the event's")
    )
    data: dict[str, Any] | None = Field(None, title=gettext_noop("Own fields; none means the event's data"))

    def problems(self, uid: str) -> list[Problem]:
        found = []
        if self._endpoint() is None:
            found.append(Problem(("endpoint",), self._unknown()))
        try:
            too_large = len(_json(self.data)) >= LIMIT
        except (ValueError, RecursionError):
            found.append(Problem(("data",), _("The fields are not JSON, or nested too deep.")))
        else:
            found += [Problem(("data",), _too_large())] if too_large else []
        return found

    def destination(self) -> str:
        # By endpoint: one that is gone must not hold the others of its host.
        endpoint = self._endpoint()
        return f"{exchange.receiver(endpoint.url)} {endpoint.slug}" if endpoint else ""

    def run(self, ctx: RunContext) -> Outcome:
        outcome = exchange.outcome_of(lambda: self._send(ctx))
        if isinstance(outcome, Fail):
            PreparedRequest.forget(ctx.key)
        return outcome

    def preview(self, ctx: RunContext) -> str:
        outcome = self.simulate(ctx)
        return str(getattr(outcome, "summary", "") or getattr(outcome, "why", ""))

    def simulate(self, ctx: RunContext) -> Outcome:
        return exchange.outcome_of(lambda: self._rehearse(ctx))

    def _rehearse(self, ctx: RunContext) -> Outcome:
        endpoint = self._open_endpoint()
        self._body(ctx)
        words = {"type": self._type(ctx), "name": endpoint.name, "receiver": exchange.receiver(endpoint.url)}
        return Done(_("Sends “%(type)s” to %(name)s (%(receiver)s).") % words)

    def _send(self, ctx: RunContext) -> Outcome:
        endpoint = self._open_endpoint()
        body = PreparedRequest.once(ctx.key, lambda: {"body": self._body(ctx)})["body"]
        content, told = body.encode(), exchange.marks(ctx.event)
        signed = signatures.sign(str(ctx.key), ctx.now, content, endpoint.secrets(ctx.now))
        ctx.request = {
            "method": "POST", "endpoint": endpoint.slug, "url": endpoint.url.partition("?")[0],
            "headers": {**told, **signed}, "body": json.loads(body),
        }  # fmt: skip
        headers = {"Content-Type": "application/json", **told, **signed}
        answer = exchange.send("POST", endpoint.url, headers, content, Time(SECONDS), repeatable=True)
        said = exchange.text_of(answer.body)
        ctx.status_code, ctx.response = answer.status, said[:RESPONSE_KEPT]
        if not 200 <= answer.status < 300:
            return exchange.failure(endpoint.url, answer, said, ctx.now, repeatable=True)
        words = {"type": self._type(ctx), "name": endpoint.name, "status": answer.status}
        return Done(_("Sent “%(type)s” to %(name)s, which answered %(status)d.") % words, {"status": answer.status})

    def _body(self, ctx: RunContext) -> str:
        """The JSON text to sign and send. Raises `Failed` when it is too large, and TextError."""
        moment = ctx.event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        data = ctx.event.data if self.data is None else ctx.render_json(self.data)
        body = _json({"type": self._type(ctx), "timestamp": moment, "data": data})
        if len(body) >= LIMIT:
            raise Failed(Fail(_too_large()))
        return body

    def _type(self, ctx: RunContext) -> str:
        return self.type or ctx.event.type

    def _endpoint(self) -> OutgoingEndpoint | None:
        return OutgoingEndpoint.objects.filter(slug=self.endpoint).first()

    def _open_endpoint(self) -> OutgoingEndpoint:
        """The endpoint; raises `Failed` where there is none, or it is switched off."""
        endpoint = self._endpoint()
        if endpoint is None:
            raise Failed(Fail(self._unknown()))
        if not endpoint.active:
            raise Failed(Skip(_("Not sent: %(name)s is switched off.") % {"name": endpoint.name}))
        return endpoint

    def _unknown(self) -> str:
        return _("There is no outgoing webhook “%(slug)s”. Add it, or choose another.") % {"slug": self.endpoint}


def _json(tree: Any) -> str:
    """Compact and all ASCII: as many bytes as characters, whatever the values hold."""
    return json.dumps(tree, separators=(",", ":"), allow_nan=False)


def _too_large() -> str:
    return _("The webhook would be 20 kB or larger. Choose fewer fields of your own.")
