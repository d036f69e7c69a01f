"""The form of a connection: its own fields, and those its provider declares. Secrets go in and never come out."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from providers import services
from providers.frame import Provider, SecretField, SettingField
from providers.models import Connection
from triggers.admin.json_field import DocumentField
from triggers.admin.typed import ModelForm
from triggers.secrets import SecretUnreadable, fingerprint


class ConnectionForm(ModelForm[Connection]):
    """Base of the forms that `form_for` makes."""

    kind: Provider
    made = ""

    class Meta:
        model = Connection
        fields = ["name", "active", "owner", "per_minute", "account_id"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.provider = self.instance.provider or self.kind.key
        account = self.fields.get("account_id")
        if account is not None:
            account.label, account.help_text = self.kind.account_label, self.kind.account_help
            account.required = self.kind.account_required
        known = _known(self.instance)
        for each in self.kind.secrets:
            if secret_name(each) in self.fields:
                self.fields[secret_name(each)].help_text = _help(each, known.get(each.name, ""))
        for setting in self.kind.settings:
            self.initial.setdefault(setting_name(setting), self.instance.options.get(setting.name, setting.default))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for setting in self.kind.settings:
            name = setting_name(setting)
            try:
                self.instance.options[setting.name] = services.setting_value(setting, given.get(name))
            except ValidationError as error:
                self.add_error(name, error)
        self._write_secrets(given)
        return given

    def _write_secrets(self, given: dict[str, Any]) -> None:
        entered = {each.name: given.get(secret_name(each), "") for each in self.kind.secrets}
        if self.instance._state.adding:
            self._think_up(entered)
        try:
            services.write_secrets(self.instance, entered)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(f"secret_{name}", messages)

    def _think_up(self, entered: dict[str, str]) -> None:
        """A new connection gets the secret that is ours to make, if none was entered."""
        for each in self.kind.secrets:
            if each.make is not None and not entered[each.name] and secret_name(each) in self.fields:
                entered[each.name] = self.made = each.make()


def form_for(kind: Provider, *, secrets: bool) -> type[ConnectionForm]:
    """The form of this provider's connections; without `secrets` for those who may not enter them."""
    own: dict[str, Any] = {"kind": kind, "__module__": __name__, "__doc__": ConnectionForm.__doc__}
    own |= dict(_fields(kind, secrets))
    return type("ConnectionForm", (ConnectionForm,), own)


def secret_name(field: SecretField) -> str:
    return f"secret_{field.name}"


def setting_name(field: SettingField) -> str:
    return f"setting_{field.name}"


def secret_names(kind: Provider) -> list[str]:
    return [secret_name(each) for each in kind.secrets]


def setting_names(kind: Provider) -> list[str]:
    return [setting_name(each) for each in kind.settings]


def _fields(kind: Provider, secrets: bool) -> Iterator[tuple[str, forms.Field]]:
    for each in kind.secrets if secrets else ():
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        yield secret_name(each), forms.CharField(label=each.label, required=False, widget=widget, max_length=5000)
    for setting in kind.settings:
        more = {"label": setting.label, "help_text": setting.help, "required": False}
        kinds: dict[str, type[forms.Field]] = {"yes": forms.BooleanField, "mapping": DocumentField}
        yield setting_name(setting), kinds.get(setting.kind, forms.CharField)(**more)


def _known(connection: Connection) -> dict[str, str]:
    try:
        return connection.opened()
    except SecretUnreadable:
        return {}


def _help(field: SecretField, stored: str) -> str:
    """Whether it is there, by its last four characters; nothing more of it."""
    if stored:
        end = fingerprint(stored)
        told = _("Stored, ends with …%(end)s. Left empty, it stays.") % {"end": end} if end else _("Stored.")
    elif field.make is not None:
        told = _("Left empty, one is made and shown once.")
    else:
        told = _("Not entered yet.") if field.required else _("Not entered. It can be left out.")
    return f"{field.help} {told}".strip()
