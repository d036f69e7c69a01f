"""Outgoing webhooks and credentials. A webhook's secret is ours and shown once; a credential's is never shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from triggers.admin.access import show_once
from triggers.admin.buttons import Buttons, button
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.models import Credential, OutgoingEndpoint
from triggers.noting import note
from triggers.outside import endpoints
from triggers.wording import look


class EndpointForm(ModelForm[OutgoingEndpoint]):
    """The short name may be left out: it then follows from the name."""

    class Meta:
        model = OutgoingEndpoint
        fields = ["name", "slug", "url", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].help_text = _("Workflows name it by this; it is best never changed.")


@admin.register(OutgoingEndpoint)
class OutgoingEndpointAdmin(Buttons, ModelAdmin[OutgoingEndpoint]):
    """Receivers of signed webhooks."""

    form = EndpointForm
    change_form_template = "admin/triggers/outgoingendpoint/change_form.html"
    list_display = ("name", "state", "url", "slug", "updated_at")
    list_filter = ("active",)
    search_fields = ("name", "slug", "url")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("previous_secret_until",)
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: OutgoingEndpoint | None = None) -> Any:
        more = ("previous_secret_until",) if obj and obj.previous_secret_until else ()
        return ((None, {"fields": (("name", "slug"), "url", "active", *more)}),)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, endpoint: OutgoingEndpoint) -> SafeString:
        return look.pill("ok", _("Active")) if endpoint.active else look.pill("paused", _("Switched off"))

    def save_model(self, request: Any, obj: OutgoingEndpoint, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, request.secret = endpoints.create(obj.name, obj.url, obj.slug)
        if not obj.active:
            OutgoingEndpoint.objects.filter(pk=made.pk).update(active=False)
        obj.pk = made.pk

    def response_add(self, request: Any, obj: OutgoingEndpoint, post_url_continue: str | None = None) -> HttpResponse:
        return show_once(self, request, obj, request.secret, _("The secret of “%(name)s”") % {"name": obj.name})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["buttons"] = self.offered(request, obj) if obj else []
        return super().render_change_form(request, context, *args, **kwargs)

    @button(gettext_lazy("New secret"), permission="triggers.change_outgoingendpoint", icon="key")
    def rotate(self, request: HttpRequest, endpoint: OutgoingEndpoint) -> HttpResponse:
        secret = endpoints.rotate(endpoint, timezone.now())
        note(request.user, endpoint, gettext_noop("New secret."))
        self.message_user(request, _("The former secret signs for another 24 hours, beside the new one."))
        return show_once(self, request, endpoint, secret, _("The new secret of “%(name)s”") % {"name": endpoint.name})


@admin.register(Credential)
class CredentialAdmin(ModelAdmin[Credential]):
    """What requests show to be let in; left empty, the secret stays as it is."""

    list_display = ("name", "kind", "hosts", "slug", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name", "slug", "hosts")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("token_expires_at",)
    actions = None
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("kind", "hosts"))}),
        (gettext_lazy("What is shown"), {"fields": (("username", "secret"), "header")}),
        (gettext_lazy("OAuth2"), {"fields": (("token_url", "scope"), "secret_in_body", "token_expires_at")}),
    )
