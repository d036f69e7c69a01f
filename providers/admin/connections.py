"""Connections: chosen by provider, entered once, tested, their secrets changed without an outage."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from providers import frame, services
from providers.admin.forms import form_for, secret_names, setting_names
from providers.frame import Later, Provider, Unclear
from providers.models import Connection, ProviderDelivery
from triggers.admin.access import show_once
from triggers.admin.buttons import Buttons, button
from triggers.admin.typed import ModelAdmin
from triggers.indexing import one_of
from triggers.secrets import SecretUnreadable
from triggers.wording import look

CHANGE = "providers.change_connection"
SECRETS = "providers.change_connection_secrets"
TROUBLED = one_of("status", ProviderDelivery.Status.QUARANTINED, ProviderDelivery.Status.FAILED)


class ProviderFilter(admin.SimpleListFilter):
    """By provider, of those that there are connections to."""

    title = gettext_lazy("provider")
    parameter_name = "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = set(Connection.objects.order_by().values_list("provider", flat=True).distinct())
        labels = frame.labels()
        return [
            *((key, labels[key]) for key in labels if key in used),
            *((key, key) for key in sorted(used - set(labels))),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Connection]) -> QuerySet[Connection]:
        chosen = self.value()
        return queryset.filter(provider=chosen) if chosen else queryset


@admin.register(Connection)
class ConnectionAdmin(Buttons, ModelAdmin[Connection]):
    """Accounts at providers. The address is shown as often as wanted, a secret once at most."""

    list_display = ("name", "kind_shown", "state", "account_id", "last_received_at")
    list_filter = ("active", ProviderFilter)
    search_fields = ("name", "account_id")
    readonly_fields = ("address", "guide", "previous_until")
    actions = None

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        kind = frame.find(request.GET.get("provider", ""))
        if not kind.key:
            return self._choose(request)
        title = _("New connection to %(provider)s") % {"provider": kind.label}
        return super().add_view(request, form_url, {"title": title, **(extra_context or {})})

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """First of all, to whom."""
        if not self.has_add_permission(request):
            return super().add_view(request)
        context = {
            **self.admin_site.each_context(request), "title": _("Connect to"), "opts": self.opts,
            "kinds": [(key, label) for key, label in frame.labels().items() if key in frame.providers],
        }  # fmt: skip
        return TemplateResponse(request, "admin/providers/connection/choose.html", context)

    def get_form(self, request: HttpRequest, obj: Connection | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = form_for(_kind(request, obj), secrets=request.user.has_perm(SECRETS))
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        kind = _kind(request, obj)
        own = ["name", "active", "owner", "per_minute", *(["account_id"] if kind.account_label else [])]
        secrets = secret_names(kind) if request.user.has_perm(SECRETS) else []
        former = ["previous_until"] if obj and obj.previous_until else []
        sets: list[Any] = [(None, {"fields": own})]
        if obj:
            sets.append((_("At %(provider)s") % {"provider": kind.label}, {"fields": ["address", "guide"]}))
        if secrets or former:
            sets.append((_("Secrets"), {"fields": [*secrets, *former]}))
        if kind.settings:
            sets.append((_("What is done with it"), {"fields": setting_names(kind)}))
        return sets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        named = str(frame.find(request.GET.get("provider", "")).label)
        return {"owner": request.user.pk, "name": named, **super().get_changeform_initial_data(request)}

    @admin.display(description=gettext_lazy("provider"), ordering="provider")
    def kind_shown(self, connection: Connection) -> str:
        return str(connection.kind.label or connection.provider)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, connection: Connection) -> SafeString:
        if not connection.active:
            return look.pill("paused", _("Switched off"))
        if _missing(connection):
            return look.pill("held", _("Not complete"))
        return look.pill("ok", _("Active"))

    @admin.display(description=gettext_lazy("address"))
    def address(self, connection: Connection) -> str:
        return format_html("<code>{}</code>", services.address(connection))

    @admin.display(description=gettext_lazy("how to enter it"))
    def guide(self, connection: Connection) -> str:
        return str(connection.kind.guide)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if getattr(request, "made", ""):
            return show_once(self, request, obj, request.made, _("The secret of “%(name)s”") % {"name": obj.name})  # type: ignore[attr-defined]
        messages.success(request, _("Saved. Now enter its address at %(provider)s.") % {"provider": obj.kind.label})
        return redirect(self.page_url(obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        request.made = form.made  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        connection = self.get_object(request, unquote(object_id))
        own = {}
        if connection:
            own = {
                "offered": self.offered(request, connection), "sentence": sentence(connection),
                "pill": self.state(connection), "log": _log(connection),
            }  # fmt: skip
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

    @button(gettext_lazy("Test"), permission=CHANGE, icon="play", when=lambda connection: connection.kind.can_test)
    def test(self, request: HttpRequest, connection: Connection) -> str:
        """Asks the provider whether what was entered is right."""
        try:
            return connection.kind.test(connection, timezone.now())
        except (Later, Unclear, SecretUnreadable) as error:
            messages.error(request, str(error))
            return ""

    @button(gettext_lazy("New secret"), permission=SECRETS, icon="key",
            when=lambda connection: any(each.make for each in connection.kind.secrets))  # fmt: skip
    def rotate(self, request: HttpRequest, connection: Connection) -> HttpResponse:
        """Thinks up a new secret and shows it once."""
        secret = services.make_secret(connection, timezone.now())
        self.log_change(request, connection, _("New secret."))
        return show_once(
            self, request, connection, secret, _("The new secret of “%(name)s”") % {"name": connection.name}
        )

    @button(gettext_lazy("End the former secret"), permission=SECRETS, icon="stop", tone="danger",
            when=lambda connection: connection.previous_until is not None)  # fmt: skip
    def forget_former(self, request: HttpRequest, connection: Connection) -> str:
        """The former secret proves nothing from now on."""
        services.drop_former(connection)
        self.log_change(request, connection, _("Former secret ended."))
        return _("Only the present secret counts from now on.")


def _kind(request: HttpRequest, connection: Connection | None) -> Provider:
    return connection.kind if connection else frame.find(request.GET.get("provider", ""))


def _missing(connection: Connection) -> list[Any]:
    try:
        return services.unset(connection)
    except SecretUnreadable:
        return [_("a secret that can be read")]


def _log(connection: Connection) -> str:
    return reverse("admin:providers_providerdelivery_changelist") + f"?connection__id__exact={connection.pk}"


def sentence(connection: Connection) -> str:
    """Whether anything comes in, and what is to be done next."""
    if not connection.active:
        return _("Switched off: whoever sends gets 410 Gone, and nothing is stored.")
    missing = _missing(connection)
    if missing:
        return _("Nothing can be taken yet. Enter: %(what)s.") % {"what": ", ".join(map(str, missing))}
    return " ".join([_came(connection), *_troubles(connection)])


def _came(connection: Connection) -> str:
    now = timezone.now()
    recent = connection.deliveries.filter(received_at__gt=now - timedelta(hours=24)).count()
    if connection.last_received_at is None:
        return _("Nothing has come in yet. Enter the address at %(provider)s.") % {"provider": connection.kind.label}
    return ngettext(
        "%(n)d thing was told in the last 24 hours, the latest %(ago)s ago.",
        "%(n)d things were told in the last 24 hours, the latest %(ago)s ago.",
        recent,
    ) % {"n": recent, "ago": timesince(connection.last_received_at, now)}


def _troubles(connection: Connection) -> list[str]:
    troubled = connection.deliveries.filter(TROUBLED).count()
    told = []
    if troubled:
        told.append(ngettext("%(n)d waits for you.", "%(n)d wait for you.", troubled) % {"n": troubled})
    if connection.last_error and connection.last_error_at:
        words = {"why": connection.last_error, "ago": timesince(connection.last_error_at, timezone.now())}
        told.append(_("Trouble %(ago)s ago: %(why)s") % words)
    if connection.refused:
        count = {"n": connection.refused}
        told.append(ngettext("%(n)d was refused, for it was not proven.", "%(n)d were refused, for they were not proven.",
                             connection.refused) % count)  # fmt: skip
    return told
