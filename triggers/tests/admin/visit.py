"""Visits to the admin: signed-in clients with just these permissions, and what stands on a page."""

import re
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from triggers.tests import make


def boss() -> Client:
    """A client of somebody who may do everything."""
    client = Client()
    client.force_login(make.user("boss", is_staff=True, is_superuser=True))
    return client


def staff(*permissions: str, name: str = "limited") -> Client:
    """A client of a member of staff with these permissions: "view_run", "operate_run"."""
    user = make.user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str) -> str:
    """The page's words in one line, without markup; follows redirects."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return words(answer.content.decode())


def words(page: str) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    plain = re.sub(r"<[^>]+>", " ", body)
    for entity, letter in {"&quot;": '"', "&#x27;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}.items():
        plain = plain.replace(entity, letter)
    return " ".join(plain.split())


def pressed(client: Client, address: str, **data: Any) -> str:
    """Posts, follows the way back, and tells what the page says came of it."""
    answer = client.post(address, data, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(str(message) for message in answer.context["messages"])


class _Inline(HTMLParser):
    """Collects what the Content-Security-Policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.element = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.element = ""
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.element = tag
        for name, value in given.items():
            address = (value or "").strip().lower()
            if name == "style" or name.startswith("on") or address.startswith(("data:", "javascript:")):
                self.found.append(f"<{tag} {name}>")

    def handle_data(self, data: str) -> None:
        if self.element and data.strip():
            self.found.append(f"<{self.element}>{data.strip()[:40]}")


def refused_by_policy(page: str) -> list[str]:
    """Inline styles and scripts, event handlers, data: addresses."""
    parser = _Inline()
    parser.feed(page)
    return parser.found
