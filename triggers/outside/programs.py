"""Telling programs from people at public addresses: mails opened, links followed, pages looked at (R18)."""

import re
from collections.abc import Mapping
from typing import Final

_AHEAD: Final = re.compile("prefetch|preview|prerender", re.IGNORECASE)
# Parts of the names of programs that follow links and open pages before a person does, or instead of one: scanners
# of mail servers, previews of messengers, libraries; and Apple's proxy, which loads every picture.
_NAMES: Final = re.compile(
    r"bot(?![a-z])|crawl|spider|slurp|preview|scan|fetch|monitor|headless|lighthouse|validator|facebookexternalhit"
    r"|whatsapp|telegram|skypeuri|embedly|proofpoint|barracuda|mimecast|safelinks|messagelabs|fireeye|trendmicro"
    r"|symantec|sophos|virustotal|curl|wget|python|java/|go-http|okhttp|axios|libwww|httpclient|postman|ruby|perl|node"
    r"|^mozilla/5\.0$",
    re.IGNORECASE,
)


def is_ahead(headers: Mapping[str, str]) -> bool:
    """Whether the page is fetched ahead, before anybody asks for it."""
    return any(_AHEAD.search(headers.get(name, "")) for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))


def is_program(user_agent: str) -> bool:
    """Whether it says of itself that it is a program, or says nothing."""
    return not user_agent.strip() or bool(_NAMES.search(user_agent.strip()))
