"""Credential: what each kind needs, and to which hosts it may go."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory

from triggers.models import Credential

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Shop", "slug": "shop", "kind": "bearer", "hosts": "api.example.com", "secret": "hush hush"}
OAUTH = {"kind": "oauth2", "username": "anna", "token_url": "https://login.example.com/token"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "basic", "username": "anna"},
        {"kind": "api_key"},
        {"kind": "api_key", "header": "X-Shop-Key"},
        OAUTH,
        {"hosts": "api.example.com  Login.Example.COM localhost"},
    ],
)
def test_what_is_complete_passes(values: dict[str, str]) -> None:
    Credential(**{**GIVEN, **values}).full_clean()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"secret": ""}, "secret", "Enter the secret."),
        ({"hosts": "https://api.example.com"}, "hosts", "Enter host names only, such as api.example.com."),
        ({"hosts": "*.example.com"}, "hosts", "Enter host names only, such as api.example.com."),
        ({"kind": "basic"}, "username", "Enter the user name or client id."),
        ({"kind": "basic", "username": "a:b"}, "username", "A user name holds no colon."),
        ({"kind": "api_key", "header": "X Key"}, "header", "“X Key” is not a header name. "
         "Use letters, digits and hyphens."),
        ({"kind": "api_key", "header": "Host"}, "header", "The header Host follows from the URL and the body. "
         "Take it out."),
        ({**OAUTH, "username": ""}, "username", "Enter the user name or client id."),
        ({**OAUTH, "token_url": "https://10.0.0.1/"}, "token_url", "10.0.0.1 is not a public address. "
         "Use a URL that can be reached from the internet."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_told_at_its_field(values: dict[str, str], field: str, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Credential(**{**GIVEN, **values}).full_clean()

    assert message in refusal.value.message_dict[field]


def test_no_hosts_are_no_credential() -> None:
    with pytest.raises(ValidationError) as refusal:
        Credential(**{**GIVEN, "hosts": ""}).full_clean()

    assert list(refusal.value.message_dict) == ["hosts"]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("api.example.com", True),
        ("API.example.com", True),
        ("example.com", False),
        ("evil-api.example.com", False),
        ("api.example.com.evil.org", False),
        ("", False),
    ],
)
def test_it_goes_to_its_hosts_only(host: str, allowed: bool) -> None:
    assert Credential(hosts="login.example.com Api.Example.com").is_for(host) is allowed


def form(instance: Credential | None = None, **changed: Any) -> Any:
    fields = ["name", "slug", "kind", "hosts", "secret", "header"]
    data = {"header": "X-Api-Key", **GIVEN, **changed}
    return modelform_factory(Credential, fields=fields)(data, instance=instance)


def test_a_form_needs_the_secret_once_and_keeps_it_when_left_empty() -> None:
    assert form(secret="").errors == {"secret": ["Enter the secret."]}
    made = form().save()

    form(Credential.objects.get(), secret="", name="Shop 2").save()

    kept = Credential.objects.get(pk=made.pk)
    assert (kept.name, kept.secret, str(kept)) == ("Shop 2", "hush hush", "Shop 2")


def test_a_secret_whose_key_is_lost_can_be_entered_anew(settings: Any) -> None:
    form().save()
    settings.SECRET_KEY = "another"

    form(Credential.objects.get(), secret="a new one").save()

    assert Credential.objects.get().secret == "a new one"


def test_what_is_changed_forgets_the_access_token() -> None:
    Credential.objects.create(**{**GIVEN, **OAUTH}, token="token-1", token_expires_at=datetime(2026, 3, 4, tzinfo=UTC))

    form(Credential.objects.get(), secret="a new one").save()

    changed = Credential.objects.get()
    assert (changed.token, changed.token_expires_at) == ("", None)
