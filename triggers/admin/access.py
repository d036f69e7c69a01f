"""API keys: made here, shown once, revoked with a button."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import MOMENTS, Page, page_of
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.api.keys import create_key
from triggers.api.scopes import known_scopes
from triggers.models import ApiKey
from triggers.noting import note
from triggers.wording import look, moments

CHANGE = "triggers.change_apikey"


class ApiKeyForm(ModelForm[ApiKey]):
    """What a new key is for; the key itself is made when this is saved."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A key never may more than the person it acts for."),
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields = ["name", "user", "scopes", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(name, name) for name in known_scopes()]  # type: ignore[attr-defined]


def show_once(model_admin: Any, request: HttpRequest, obj: Any, secret: str, title: str) -> HttpResponse:
    """The one page that ever shows the secret; it is neither stored nor sent through a message."""
    context = {
        **model_admin.admin_site.each_context(request), "title": title, "opts": model_admin.opts, "original": obj,
        "secret": secret, "onward": page_of(obj),
    }  # fmt: skip
    return TemplateResponse(request, "admin/triggers/show_once.html", context)


@admin.register(ApiKey)
class ApiKeyAdmin(Buttons, Page, ModelAdmin[ApiKey]):
    """Who may use the API, for what, and when they last did."""

    form = ApiKeyForm
    formfield_overrides = MOMENTS
    page_template = "admin/triggers/apikey/page.html"
    add_form_template = "admin/triggers/make.html"
    list_display = ("name", "user", "state", "prefix", "used")
    list_select_related = ("user",)
    search_fields = ("name", "prefix")
    ordering = ("name",)
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is never edited, only revoked."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        said = {"make": _("Make the key"), "lead": _("The key is shown once, on the next page.")}
        return super().add_view(request, form_url, {**said, **(extra_context or {})})

    def save_model(self, request: Any, obj: ApiKey, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made, request.secret = create_key(given["name"], given["user"], given["scopes"], given["expires_at"])
        obj.pk, obj.prefix = made.pk, made.prefix

    def response_add(self, request: Any, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        return show_once(self, request, obj, request.secret, _("The key of “%(name)s”") % {"name": obj.name})

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at:
            return look.pill("archived", _("Revoked"))
        if key.expires_at and key.expires_at <= timezone.now():
            return look.pill("paused", _("Expired"))
        return look.pill("ok", _("Valid"))

    @admin.display(description=gettext_lazy("last used"), ordering="last_used_at")
    def used(self, key: ApiKey) -> Any:
        return moments.shown(key.last_used_at) or _("Never")

    def page(self, request: HttpRequest, obj: ApiKey) -> dict[str, Any]:
        return {"key": obj, "title": obj.name, "pill": self.state(obj), "buttons": self.offered(request, obj)}

    @button(gettext_lazy("Revoke"), permission=CHANGE, icon="stop", tone="danger",
            when=lambda key: key.revoked_at is None)  # fmt: skip
    def revoke(self, request: HttpRequest, key: ApiKey) -> str:
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
        note(request.user, key, gettext_noop("Revoked."))
        return _("Revoked: requests with this key are refused from now on.")
