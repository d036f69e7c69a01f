"""Which gateway each channel goes by, and gateways that staff set up."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import gateways
from conversations.models import ChannelSetting, HttpGateway, Message
from triggers.admin.typed import ModelAdmin, ModelForm

ON_TRIAL = gettext_lazy("On trial: kept here and not sent")


class ChannelForm(ModelForm[ChannelSetting]):
    """The gateways there are, by name."""

    gateway = forms.ChoiceField(label=gettext_lazy("Gateway"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [choice for choice in gateways.choices() if choice[0] != gateways.CONSOLE]
        stored = self.instance.gateway
        if stored and stored not in dict(known):
            known.append((stored, _("%(gateway)s (is gone)") % {"gateway": stored}))
        self.fields["gateway"].choices = [("", ON_TRIAL), *known]  # type: ignore[attr-defined]
        by_gateway = [choice for choice in Message.Channel.choices if choice[0] in (*gateways.CARRIED, "email")]
        self.fields["channel"].choices = by_gateway  # type: ignore[attr-defined]


class ChannelList(ChangeList):
    """The names of the gateways come in one go, as `gateway_called`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        called, rows = dict(gateways.choices()), list(self.result_list)
        for row in rows:
            row.gateway_called = called.get(row.gateway, row.gateway)
        self.result_list = rows


@admin.register(ChannelSetting)
class ChannelSettingAdmin(ModelAdmin[ChannelSetting]):
    """A channel without a row goes to the console."""

    form = ChannelForm
    list_display = ("channel", "goes_by", "sender", "unknown_senders")
    fields = ("channel", ("gateway", "sender"), "unknown_senders")

    @admin.display(description=gettext_lazy("gateway"), ordering="gateway")
    def goes_by(self, setting: Any) -> Any:
        if setting.channel == Message.Channel.EMAIL:
            return _("The mail server")
        return setting.gateway_called if setting.gateway else ON_TRIAL

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ChannelList


@admin.register(HttpGateway)
class HttpGatewayAdmin(ModelAdmin[HttpGateway]):
    """Providers that take a message by one POST."""

    list_display = ("name", "url", "credential", "active")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": (("name", "slug"), "url", "credential", "active")}),
        (gettext_lazy("The message"), {"fields": ("format", "body", "id_path", "honours_key")}),
    )
