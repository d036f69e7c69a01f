"""Inbound webhooks in the admin: their form, the buttons for token and sample, and what came in."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from capture import services
from capture.models import MATCH_FIELDS, InboundRequest, InboundWebhook
from triggers.admin.buttons import Buttons, button
from triggers.admin.json_field import DocumentField
from triggers.admin.lists import NamedList
from triggers.admin.pages import link
from triggers.noting import note
from triggers.wording import look, moments, people

SHOWN_REQUESTS = 10
SHOWN_BODY = 20_000
CHANGE = "capture.change_inboundwebhook"
# The pill of each state of a request, by the states that pills know.
PILLS = {"received": "pending", "done": "done", "ignored": "skipped", "failed": "failed"}

if TYPE_CHECKING:
    _Form = forms.ModelForm[InboundWebhook]
    _FormSet = BaseInlineFormSet[InboundRequest, InboundWebhook, Any]
    _Inline = admin.TabularInline[InboundRequest, InboundWebhook]
    _WebhookAdmin = admin.ModelAdmin[InboundWebhook]
    _RequestAdmin = admin.ModelAdmin[InboundRequest]
else:
    _Form, _FormSet, _Inline = forms.ModelForm, BaseInlineFormSet, admin.TabularInline
    _WebhookAdmin = _RequestAdmin = admin.ModelAdmin


class InboundWebhookForm(_Form):
    """The match fields as boxes to tick; the mapping as text that is checked entry by entry."""

    mapping = DocumentField(
        label=gettext_lazy("Mapping"), required=False, initial=dict,
        widget=forms.Textarea(attrs={"class": "code", "rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=InboundWebhook._meta.get_field("mapping").help_text,
    )  # fmt: skip
    match_by = forms.MultipleChoiceField(
        label=gettext_lazy("Find contact by"), choices=MATCH_FIELDS, widget=forms.CheckboxSelectMultiple,
        initial=["email", "phone"],
        help_text=gettext_lazy("Asked in this order; the first that finds a contact wins. Else one is made."),
    )  # fmt: skip

    class Meta:
        model = InboundWebhook
        fields = [
            "name", "active", "owner", "per_minute", "allow_get", "signature", "secret", "hmac_header",
            "hmac_prefix", "hmac_encoding", "mapping", "match_by",
        ]  # fmt: skip


class RecentRequests(_FormSet):
    """The newest requests only, with the names of their contacts: there may be thousands."""

    def get_queryset(self) -> Any:
        return self.latest

    @cached_property
    def latest(self) -> list[Any]:
        rows: list[Any] = list(super().get_queryset().order_by("-pk").defer("body")[:SHOWN_REQUESTS])
        names = people.contact_names(row.contact_id for row in rows)
        for row in rows:
            row.contact_called = names.get(row.contact_id, "")
        return rows


class Received:
    """Requests as they came in: looked at, perhaps deleted, never written by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("delivery"), ordering="external_id")
    def delivery(self, request: InboundRequest) -> str:
        return str(request)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, request: InboundRequest) -> str:
        return look.pill(PILLS[request.status], request.get_status_display())

    @admin.display(description=gettext_lazy("problems"))
    def told(self, request: InboundRequest) -> str:
        return "; ".join([request.error] * bool(request.error) + request.problems)

    @admin.display(description=gettext_lazy("event"))
    def event(self, request: InboundRequest) -> str:
        words = _("Event %(id)s") % {"id": request.event_id}
        return link(people.admin_url("triggers.event", request.event_id), words) if request.event_id else ""

    @admin.display(description=gettext_lazy("contact"))
    def contact(self, request: Any) -> str:
        called = getattr(request, "contact_called", None) or people.contact_name(request.contact_id)
        return link(people.contact_url(request.contact_id), called)


class RequestInline(Received, _Inline):
    """What came in last."""

    model = InboundRequest
    formset = RecentRequests
    verbose_name_plural = gettext_lazy("the latest requests")
    fields = ("received_at", "delivery", "state", "told", "event", "contact")
    readonly_fields = ("delivery", "state", "told", "event", "contact")
    can_delete = False
    extra = 0


@admin.register(InboundWebhook)
class InboundWebhookAdmin(Buttons, _WebhookAdmin):
    """Addresses for outside systems. The token is shown once, when it is made."""

    form = InboundWebhookForm
    change_form_template = "admin/capture/inboundwebhook/change_form.html"
    inlines = (RequestInline,)
    list_display = ("name", "state", "ending", "signature", "last_received")
    list_filter = ("active", "signature")
    search_fields = ("name",)
    readonly_fields = ("ending", "previous_until", "sample_shown", "suggestion", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", "active", "ending", "previous_until", "owner", "per_minute", "allow_get")}),
        (
            gettext_lazy("Signature"),
            {"fields": ("signature", "secret", "hmac_header", "hmac_prefix", "hmac_encoding")},
        ),
        (gettext_lazy("Contact"), {"fields": ("mapping", "suggestion", "match_by")}),
        (gettext_lazy("Sample"), {"fields": ("sample_shown",)}),
        (gettext_lazy("History"), {"fields": ("created_at", "updated_at"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundWebhook]:
        newest = InboundRequest.objects.filter(webhook=OuterRef("pk")).order_by("-received_at")
        rows: QuerySet[InboundWebhook] = super().get_queryset(request)
        return rows.annotate(last_at=Subquery(newest.values("received_at")[:1]))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: InboundWebhook | None) -> Any:
        return super().get_inlines(request, obj) if obj else ()

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, webhook: InboundWebhook) -> str:
        return look.pill("live", _("Active")) if webhook.active else look.pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("address"))
    def ending(self, webhook: InboundWebhook) -> str:
        if not webhook.token_last4:
            return _("Shown once, when you save.")
        return f"{settings.PUBLIC_URL}/in/…{webhook.token_last4}/"

    @admin.display(description=gettext_lazy("last request"), ordering="last_at", empty_value="–")
    def last_received(self, webhook: Any) -> Any:
        return webhook.last_at

    @admin.display(description=gettext_lazy("sample"))
    def sample_shown(self, webhook: InboundWebhook) -> str:
        if webhook.capturing:
            return _("The next request becomes the sample.")
        if not webhook.sample:
            return _("None yet. Capture the next request with the button above.")
        taken = _("Taken on %(moment)s") % {"moment": moments.exact(webhook.sampled_at)}
        return format_html("<details><summary>{}</summary>{}</details>", taken, _pre(webhook.sample))

    @admin.display(description=gettext_lazy("suggestion from the sample"))
    def suggestion(self, webhook: InboundWebhook) -> str:
        if not webhook.sample:
            return _("None without a sample.")
        suggested = services.suggest_mapping(webhook.sample)
        new = {field: path for field, path in suggested.items() if field not in webhook.mapping}
        return _pre(new) if new else _("Nothing that is not mapped already.")

    def save_model(self, request: HttpRequest, obj: InboundWebhook, form: Any, change: bool) -> None:
        token = "" if change else services.give_token(obj)
        if change and "secret" in form.changed_data:
            services.keep_previous_secret(obj)
        super().save_model(request, obj, form, change)
        if token:
            self._tell(request, obj, token)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        webhook = self.get_object(request, unquote(object_id))
        own = {"offered": self.offered(request, webhook), "sentence": _sentence(webhook)} if webhook else {}
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

    @button(
        gettext_lazy("Capture the next request"), permission=CHANGE, icon="capture",
        when=lambda webhook: not webhook.capturing,
    )  # fmt: skip
    def capture(self, request: HttpRequest, webhook: InboundWebhook) -> str:
        """Has the next request kept as the sample."""
        services.start_capture(webhook)
        return _("Send a request now: the next one becomes the sample, and is taken in as well.")

    @button(
        gettext_lazy("Map from the sample"), permission=CHANGE, icon="branch",
        when=lambda webhook: bool(webhook.sample),
    )  # fmt: skip
    def adopt(self, request: HttpRequest, webhook: InboundWebhook) -> str:
        """Fills the mapping from the sample."""
        added = services.adopt_suggestion(webhook)
        if not added:
            return _("The sample suggests nothing that is not mapped already.")
        note(request.user, webhook, gettext_noop("Mapping from the sample."))
        return _("Mapped: %(fields)s.") % {"fields": ", ".join(added)}

    @button(gettext_lazy("New token"), permission=CHANGE, icon="key")
    def rotate(self, request: HttpRequest, webhook: InboundWebhook) -> str:
        """Gives a new token and shows it once."""
        self._tell(request, webhook, services.rotate(webhook))
        note(request.user, webhook, gettext_noop("New token."))
        return _("The former address works for 24 hours more.")

    def _tell(self, request: HttpRequest, webhook: InboundWebhook, token: str) -> None:
        told = _("The address of “%(name)s” is %(address)s – copy it now, it is not shown again.")
        messages.success(request, told % {"name": webhook.name, "address": services.address(token)})


@admin.register(InboundRequest)
class InboundRequestAdmin(Received, _RequestAdmin):
    """Every request of the last 30 days, as it came in."""

    list_display = ("received_at", "webhook", "delivery", "state", "event", "contact")
    list_filter = ("received_at", "status", "webhook")
    search_fields = ("external_id",)
    search_help_text = gettext_lazy("Searches delivery ids.")
    list_select_related = ("webhook",)
    show_full_result_count = False
    fields = (
        "webhook", "received_at", "external_id", "state", "told", "event", "contact", "method", "query",
        "headers_shown", "content_type", "body_shown",
    )  # fmt: skip
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedList]:
        return NamedList

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundRequest]:
        rows = super().get_queryset(request)
        is_list = request.resolver_match is not None and "changelist" in (request.resolver_match.url_name or "")
        return rows.defer("body", "headers") if is_list else rows

    @admin.display(description=gettext_lazy("headers"))
    def headers_shown(self, request: InboundRequest) -> str:
        return _pre(request.headers)

    @admin.display(description=gettext_lazy("body"))
    def body_shown(self, request: InboundRequest) -> str:
        return format_html("<pre>{}</pre>", bytes(request.body[:SHOWN_BODY]).decode(errors="replace"))


def _sentence(webhook: InboundWebhook) -> str:
    """Whether anything comes in, in a sentence."""
    now = timezone.now()
    latest = webhook.requests.order_by("-received_at").values_list("received_at", flat=True).first()
    if not webhook.active:
        return _("Switched off: who sends gets 410 Gone, and nothing is stored.")
    if latest is None:
        return _("Nothing has come in yet. Send a request to its address.")
    recent = webhook.requests.filter(received_at__gt=now - timedelta(hours=24))
    troubled = recent.exclude(problems=[]).count()
    told = ngettext(
        "%(n)d request in the last 24 hours, the latest %(ago)s ago.",
        "%(n)d requests in the last 24 hours, the latest %(ago)s ago.",
        count := recent.count(),
    ) % {"n": count, "ago": timesince(latest, now)}
    if not troubled:
        return told
    return told + " " + ngettext(
        "%(n)d held something that could not be stored.", "%(n)d held something that could not be stored.", troubled
    ) % {"n": troubled}  # fmt: skip


def _pre(value: Any) -> str:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
