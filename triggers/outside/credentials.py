"""What a credential adds to a request, and the fetching of OAuth2 access tokens (RFC 6749, 4.4)."""

import base64
import json
import re
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from django.utils.translation import gettext as _

from triggers.action_types import Hold
from triggers.models.credential import Credential
from triggers.outside import exchange, net
from triggers.outside.answers import blanked
from triggers.outside.exchange import Failed, Time

# A token is fetched anew this long before it expires.
MARGIN: Final = timedelta(seconds=60)
# For token URLs that do not say how long a token lives; a shorter life shows as a 401.
ASSUMED_LIFE: Final = timedelta(hours=1)


def headers(credential: Credential, now: datetime, allowed: Time, *, renew: bool = False) -> dict[str, str]:
    """The headers that carry the credential; `renew` fetches a new access token whatever is left of the old.

    Raises `Failed` when no token can be had, and SecretUnreadable.
    """
    if credential.kind == Credential.Kind.BASIC:
        return {"Authorization": basic(credential.username, credential.secret)}
    if credential.kind == Credential.Kind.API_KEY:
        return {credential.header: str(credential.secret)}
    if credential.kind == Credential.Kind.OAUTH2:
        return {"Authorization": f"Bearer {_token(credential, now, allowed, renew)}"}
    return {"Authorization": f"Bearer {credential.secret}"}


def hidden(credential: Credential) -> list[str]:
    """Every text in which the credential may come back in an answer. Raises SecretUnreadable."""
    plain = basic(credential.username, credential.secret)
    quoted = basic(quote_plus(credential.username), quote_plus(credential.secret))
    return [
        str(credential.secret), quote_plus(credential.secret), str(credential.token),
        plain.removeprefix("Basic "), quoted.removeprefix("Basic "),
    ]  # fmt: skip


def _token(credential: Credential, now: datetime, allowed: Time, renew: bool) -> str:
    expires_at = credential.token_expires_at
    if renew or not credential.token or expires_at is None or expires_at <= now + MARGIN:
        _fetch(credential, now, allowed)
    return str(credential.token)


def _fetch(credential: Credential, now: datetime, allowed: Time) -> None:
    """Gets an access token and keeps it with its expiry. Asking twice does no harm, so it may be repeated."""
    fields = {"grant_type": "client_credentials"} | ({"scope": credential.scope} if credential.scope else {})
    asking = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if credential.secret_in_body:
        fields |= {"client_id": credential.username, "client_secret": str(credential.secret)}
    else:
        # RFC 6749, 2.3.1: form-encoded before they are joined.
        asking["Authorization"] = basic(quote_plus(credential.username), quote_plus(credential.secret))
    answer = exchange.send("POST", credential.token_url, asking, urlencode(fields).encode(), allowed, repeatable=True)
    granted = _granted(credential, answer, now)
    seconds = str(granted.get("expires_in"))
    life = timedelta(seconds=int(seconds)) if re.fullmatch("[0-9]{1,8}", seconds) else ASSUMED_LIFE
    credential.token, credential.token_expires_at = granted["access_token"], now + life
    Credential.objects.filter(pk=credential.pk).update(token=credential.token, token_expires_at=now + life)


def _granted(credential: Credential, answer: net.Response, now: datetime) -> dict[str, Any]:
    """The token URL's answer where it grants a token. A refusal holds the action until it is repaired."""
    text = exchange.text_of(answer.body)
    said = blanked(text, hidden(credential))
    if answer.status == 429 or answer.status >= 500:
        raise Failed(exchange.failure(credential.token_url, answer, said, now, repeatable=True))
    try:
        granted = json.loads(text)
    except (ValueError, RecursionError):
        granted = None
    if answer.status == 200 and isinstance(granted, dict) and _is_token(granted.get("access_token")):
        return granted
    # What came with a 200 may well be a token under another name.
    said = "" if answer.status == 200 else exchange.first_words(said)
    words = {"name": credential.name, "status": answer.status, "said": said}
    why = _("The token URL of “%(name)s” answered %(status)d and gave no token. Repair the credential. %(said)s")
    raise Failed(Hold((why % words).strip()))


def _is_token(value: Any) -> bool:
    """Whether it can stand in a header."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value.strip())


def basic(username: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
