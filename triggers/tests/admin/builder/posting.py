"""What a browser would post for a page: the values of its controls, in their order."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from triggers.admin.builder import page
from triggers.admin.builder.edits import Edited
from triggers.admin.builder.previews import Wished
from triggers.problems import Problem

VOID = {"input", "br", "hr", "img", "link", "meta", "path", "use"}


class Controls(HTMLParser):
    """Collects names and values as HTML's form submission does; buttons count only when pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.select = self.textarea = ""
        self.options: list[tuple[str, bool]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.pairs.append((name, given.get("value", "")))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            self.pairs += [(self.select, value) for value in chosen]
            self.select = ""
        elif tag == "textarea" and self.textarea:
            text = self.text.removeprefix("\n").replace("\n", "\r\n")
            self.pairs.append((self.textarea, text))
            self.textarea = ""


def posted(html: str) -> QueryDict:
    parser = Controls()
    parser.feed(html)
    return QueryDict(urlencode(parser.pairs), mutable=True)


def rendered(document: Any, problems: list[Problem] | None = None) -> str:
    """The form of cards for a document."""
    shown = page.context(Edited(document), problems or [], Wished(), timezone.now())
    return render_to_string("admin/triggers/builder/form.html", shown)


def post(client: Client, address: str, form: QueryDict, do: str = "") -> QueryDict:
    """Posts the form as a browser does, with a button of its cards; what the answer would post in turn."""
    data = form.copy()
    if do:
        data["do"] = do
    answer = client.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded", follow=True)
    assert answer.status_code == 200
    return posted(answer.content.decode())


def put_in(form: QueryDict, rows: QueryDict) -> None:
    """Puts fresh rows in the place of those of the form."""
    for name in rows:
        form.setlist(name, rows.getlist(name))
