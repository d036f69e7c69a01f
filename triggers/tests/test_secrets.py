import base64
import copy
import hmac
import json
import pickle

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.forms import PasswordInput, modelform_factory
from django.test.utils import isolate_apps

from triggers.secrets import EncryptedTextField, Secret, SecretUnreadable, fingerprint, redact

TEXT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def vault(db, settings):
    """A model with an encrypted field, and its table."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first key", []
    with isolate_apps("triggers"):

        class Vault(models.Model):  # noqa: DJ008  a table for one test
            name = models.TextField(default="")
            secret = EncryptedTextField(null=True)

            class Meta:
                app_label = "triggers"

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE triggers_vault (id bigint PRIMARY KEY, name text NOT NULL, secret text)")
        yield Vault


def stored(pk=1):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM triggers_vault WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_the_database_holds_a_token_and_the_model_the_text(vault):
    vault.objects.create(pk=1, secret=TEXT)

    assert stored().startswith("fernet:gAAAA")
    assert TEXT not in stored()
    assert vault.objects.get().secret == TEXT


def test_the_key_derives_from_the_setting_by_rfc_5869(vault):
    vault.objects.create(pk=1, secret=TEXT)

    extracted = hmac.digest(bytes(32), b"first key", "sha256")
    key = hmac.digest(extracted, b"concours.secrets\x01", "sha256")

    assert Fernet(base64.urlsafe_b64encode(key)).decrypt(stored().removeprefix("fernet:")) == TEXT.encode()


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_stored_as_nothing(vault, value):
    vault.objects.create(pk=1, secret=value)

    assert stored() == value
    assert vault.objects.get().secret == value


def test_text_of_any_kind_comes_back_whole(vault):
    text = "fernet-like ☃\n-----BEGIN KEY-----\x00" * 100

    vault.objects.create(pk=1, secret=text)

    assert vault.objects.get().secret == text


def test_every_way_to_write_encrypts(vault):
    vault.objects.bulk_create([vault(pk=1, secret="one"), vault(pk=2, secret="two")])
    changed = vault.objects.get(pk=1)
    changed.secret = "three"
    vault.objects.bulk_update([changed], ["secret"])
    vault.objects.filter(pk=2).update(secret="four")

    assert [row.secret for row in vault.objects.order_by("pk")] == ["three", "four"]
    assert [stored(pk)[:12] for pk in (1, 2)] == ["fernet:gAAAA"] * 2


def test_the_repr_shows_the_last_characters_only(vault):
    row = vault(pk=1, secret=TEXT)
    row.save()
    read = vault.objects.get()

    assert repr(row.secret) == repr(read.secret) == "<Secret …LaSw>"
    assert TEXT not in repr(vars(row)) + repr(vars(read)) + repr({"secret": read.secret})
    assert f"{read.secret}" == TEXT


def test_a_secret_survives_copies_as_a_secret():
    secret = Secret(TEXT)

    for same in (copy.deepcopy(secret), pickle.loads(pickle.dumps(secret))):
        assert (same, repr(same)) == (TEXT, "<Secret …LaSw>")


def test_a_former_key_still_opens_and_assigning_moves_to_the_present_one(vault, settings):
    vault.objects.create(pk=1, secret=TEXT)
    before = stored()

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second key", ["first key"]
    row = vault.objects.get()
    row.save()
    unchanged = stored()
    row.secret = row.secret
    row.save()

    settings.SECRET_KEY_FALLBACKS = []
    assert unchanged == before
    assert vault.objects.get().secret == TEXT


def test_a_lost_key_is_said_when_the_secret_is_read_and_a_new_one_can_be_stored(vault, settings):
    vault.objects.create(pk=1, secret=TEXT)

    settings.SECRET_KEY = "another key"
    row = vault.objects.get()
    with pytest.raises(SecretUnreadable) as failure:
        _ = row.secret
    row.secret = "entered again"
    row.save()

    assert str(failure.value) == (
        "A stored secret cannot be read with the present SECRET_KEY. "
        "Add the former key to SECRET_KEY_FALLBACKS, or enter the secret again."
    )
    assert vault.objects.get().secret == "entered again"


def test_text_that_was_never_encrypted_is_not_taken_for_a_secret(vault):
    vault.objects.bulk_create([vault(pk=1, secret="x")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE triggers_vault SET secret = %s", ["plain"])

    with pytest.raises(SecretUnreadable):
        _ = vault.objects.get().secret


def test_a_deferred_secret_is_loaded_when_it_is_read(vault):
    vault.objects.create(pk=1, secret=TEXT)

    row = vault.objects.defer("secret").get()

    assert serializers.serialize("python", [row])[0]["fields"]["secret"][:12] == "fernet:gAAAA"
    assert row.secret == TEXT
    row.refresh_from_db()
    assert row.secret == TEXT


def test_rows_are_found_by_isnull_only(vault):
    vault.objects.create(pk=1, secret=TEXT)
    vault.objects.create(pk=2, secret=None)

    assert [row.pk for row in vault.objects.filter(secret__isnull=True)] == [2]
    for lookup in ("secret", "secret__contains", "secret__in"):
        with pytest.raises(FieldError, match="Unsupported lookup"):
            vault.objects.filter(**{lookup: [TEXT]}).exists()


def test_values_and_fixtures_hold_the_token_and_a_fixture_loads_again(vault):
    vault.objects.create(pk=1, secret=TEXT)

    assert list(vault.objects.values_list("secret", flat=True)) == [stored()]
    fixture = serializers.serialize("python", vault.objects.all())
    assert fixture[0]["fields"]["secret"] == stored()
    assert serializers.serialize("python", [vault(pk=2, secret="new")])[0]["fields"]["secret"][:12] == "fernet:gAAAA"

    token = vault._meta.get_field("secret").to_python(json.loads(json.dumps(fixture))[0]["fields"]["secret"])
    vault.objects.filter(pk=1).update(secret=token)
    assert vault.objects.get().secret == TEXT


@pytest.mark.parametrize(("typed", "kept"), [("", TEXT), ("entered anew", "entered anew")])
def test_a_form_shows_no_secret_and_an_empty_box_keeps_it(vault, typed, kept):
    vault.objects.create(pk=1, secret=TEXT)
    form_class = modelform_factory(vault, fields=["name", "secret"])

    page = str(form_class(instance=vault.objects.get())["secret"])
    form = form_class({"name": "Main", "secret": typed}, instance=vault.objects.get())
    form.save()

    assert page == '<input type="password" name="secret" autocomplete="new-password" id="id_secret">'
    assert ("secret" in form.changed_data) is bool(typed)
    assert (vault.objects.get().name, vault.objects.get().secret) == ("Main", kept)


def test_the_textarea_of_the_admin_does_not_replace_the_input(vault):
    field = vault._meta.get_field("secret").formfield(widget=AdminTextareaWidget())

    assert type(field.widget) is PasswordInput


def test_a_row_whose_key_is_lost_can_be_edited_and_keeps_its_token(vault, settings):
    vault.objects.create(pk=1, secret=TEXT)
    before = stored()
    settings.SECRET_KEY = "another key"
    form_class = modelform_factory(vault, fields=["name", "secret"])

    form_class({"name": "Main", "secret": ""}, instance=vault.objects.get()).save()

    assert (vault.objects.get().name, stored()) == ("Main", before)


@pytest.mark.parametrize(("secret", "shown"), [(TEXT, "LaSw"), ("123456789012", "9012"), ("short", ""), ("", "")])
def test_a_fingerprint_is_the_end_of_a_secret_long_enough_to_spare_it(secret, shown):
    assert fingerprint(secret) == shown


@pytest.mark.parametrize(
    "key",
    [
        *("authorization", "Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "token", "access_token"),
        *("refreshToken", "X-Auth-Token", "secret", "client_secret", "SECRET_KEY", "password", "new password"),
        *("passwd", "api_key", "apiKey", "api-key", "x-api-key", "X-API-KEY", "private_key", "credentials"),
        *("signature", "X-Twilio-Signature", "webhook-signature", "x-hub-signature-256"),
    ],
)
def test_values_under_secret_keys_are_blanked(key):
    assert redact({key: "hush"}) == {key: "[redacted]"}
    assert redact([{"headers": {key: ["hush", {"a": 1}]}}]) == [{"headers": {key: "[redacted]"}}]


def test_other_values_stay_as_they_are():
    value = {"name": "Zoë", "tags": ["a", 1, 2.5, True, None], "author": {"key": "k", "id": 7}, "1": {}}

    assert redact(value) == value


def test_redacting_leaves_the_original_alone():
    value = {"a": {"token": "hush"}, "b": ["x" * 2000]}
    before = copy.deepcopy(value)

    redact(value)

    assert value == before


def test_long_text_is_cut():
    assert redact("x" * 1000) == "x" * 1000
    assert redact({"body": "x" * 1001}) == {"body": "x" * 1000 + "…"}


def test_deep_data_ends_in_an_ellipsis():
    deep = json.loads("[" * 900 + "]" * 900)

    shown = redact(deep)

    for _level in range(32):
        (shown,) = shown
    assert shown == "…"
