"""Which of the URLs that people type may be called, and which addresses; `triggers.outside.net` calls them."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from requests import PreparedRequest  # noqa: TID251  it parses here what it parses again to send
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA has handed out 2000::/3 alone; site-local, IPv4-compatible and multicast addresses lie outside it.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")


class NotSent(Exception):
    """Nothing reached the receiver: sending again is safe."""


class UnsafeUrl(ValueError, NotSent):
    """A URL that is not called; the message tells its author what would be right."""


def check_url(url: str) -> None:
    """Raise `UnsafeUrl` for what shows without DNS: scheme, user name, host, port, literal address."""
    parse(url)


def parse(url: str) -> SplitResult:
    """The checked URL as requests will call it, so that the parts judged are the parts used."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise UnsafeUrl(_("The URL contains a space, a line break or a backslash. Take it out."))
    if url.partition(":")[0].lower() not in ("http", "https"):
        raise UnsafeUrl(_("The URL does not start with https://. Write it like https://example.com/hook."))
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url, None)
        parts = urlsplit(prepared.url or "")
        port = port_of(parts)
    except ValueError:  # requests', urllib3's and urllib's errors are all of this kind
        raise UnsafeUrl(_("The URL is not complete. Write it like https://example.com/hook.")) from None
    _check_parts(parts, parts.hostname or "", port)
    return parts


def port_of(parts: SplitResult) -> int:
    """The TCP port, the scheme's own where the URL names none."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def _check_parts(parts: SplitResult, host: str, port: int) -> None:
    if "@" in parts.netloc:
        raise UnsafeUrl(_("The URL contains a user name or password. Take it out and use a header."))
    literal = _literal(host)
    if _is_this_machine(host, literal):
        if not settings.OUTGOING_ALLOW_LOOPBACK:
            raise _not_public(host)
        return
    if parts.scheme == "http" and not settings.OUTGOING_ALLOW_HTTP:
        raise UnsafeUrl(_("The URL starts with http://, which others can read on the way. Use https://."))
    ports = [*settings.OUTGOING_PORTS, *([80] if settings.OUTGOING_ALLOW_HTTP else [])]
    if port not in ports:
        names = {"port": port, "ports": ", ".join(map(str, ports))}
        raise UnsafeUrl(_("Port %(port)d is not allowed. Use one of these: %(ports)s.") % names)
    if literal is not None:
        check_address(literal, host)


def _literal(host: str) -> Address | None:
    """The address a host spells out, None for a name; spellings that only some programs read are refused."""
    bare = host.removesuffix(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    # The URL standard's rule: a host whose last label is a number is an IPv4 address (127.1, 0x7f.1).
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", bare.rpartition(".")[2]):
        text = _("“%(host)s” is not a usual address. Write four plain numbers, such as 192.0.2.7.")
        raise UnsafeUrl(text % {"host": host})
    if not _HOST.fullmatch(host):
        raise UnsafeUrl(_("“%(host)s” is not a host name. Write it like example.com.") % {"host": host})
    return None


def _is_this_machine(host: str, literal: Address | None) -> bool:
    if literal is not None:
        return _unwrapped(literal).is_loopback
    name = host.removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")  # RFC 6761


def check_address(address: Address, host: str) -> None:
    """Raise `UnsafeUrl`, naming the host, unless the address is public, or loopback where that is allowed."""
    if settings.OUTGOING_ALLOW_LOOPBACK and _unwrapped(address).is_loopback:
        return
    if not is_public(address):
        raise _not_public(host)


def is_public(address: Address) -> bool:
    """Whether the internet routes this address; IPv4 inside IPv6 (mapped, NAT64) is judged as that IPv4.

    6to4 and Teredo are refused whole: nobody is reached by them any more, and either can hide a private
    address. Python's `is_global` alone lets NAT64, 6to4, multicast and fec0::/10 through.
    """
    address = _unwrapped(address)
    if address.version == 6 and address not in _GLOBAL_IPV6:
        return False
    listed = any(address in network for network in EXTRA_BLOCKED_NET_RANGES)
    return address.is_global and not address.is_multicast and not listed


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _not_public(host: str) -> UnsafeUrl:
    text = _("%(host)s is not a public address. Use a URL that can be reached from the internet.")
    return UnsafeUrl(text % {"host": host})
