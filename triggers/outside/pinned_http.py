"""HTTP over connections that go to addresses checked beforehand and end at a fixed moment. On their own,
requests and urllib3 look the name up again to connect and restart their timeout with every byte.
"""

import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any

import certifi
from requests import Response  # noqa: TID251  triggers.outside.net is built on this
from requests.adapters import HTTPAdapter  # noqa: TID251  as above
from requests_hardened.client import HTTPSession
from requests_hardened.config import Config
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from triggers.outside.public_urls import UnsafeUrl, check_address

Endpoint = tuple[socket.AddressFamily, tuple[Any, ...]]

_CONFIG = Config(
    # Its filter judges the first DNS answer only. A `Route` brings addresses of which each was judged.
    ip_filter_enable=False,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=(5, 20),
)


@dataclass
class Route:
    """The checked way to one receiver.

    `ends_at`: `time.monotonic()` seconds. `stood`: the connection was made, so bytes may have left.
    """

    endpoints: list[Endpoint]
    ends_at: float
    stood: bool = False

    def seconds_left(self) -> float:
        """More than zero, else `TimeoutError`."""
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        return seconds


class _Socket(socket.socket):
    """Once its route is known, no send or receive outlasts it, however slowly the bytes drip."""

    route: Route | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._end_with_route()
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._end_with_route()
        super().sendall(*args, **kwargs)

    def _end_with_route(self) -> None:
        if self.route is not None:
            self.settimeout(self.route.seconds_left())


class _TLSSocket(_Socket, ssl.SSLSocket):
    pass


class _Connection(HTTPConnection):
    """Connects to the route's endpoints only; the host name stays for Host, SNI and the certificate."""

    def __init__(self, *args: Any, route: Route, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.route = route

    def _new_conn(self) -> socket.socket:
        failure: OSError = ConnectionError("no address")
        for family, address in self.route.endpoints:
            try:
                return self._connected(family, address)
            except OSError as error:
                failure = error
        raise failure

    def _connected(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
        sock = _Socket(family, socket.SOCK_STREAM)
        try:
            seconds = self.route.seconds_left()
            sock.settimeout(min(self.timeout or seconds, seconds))
            sock.connect(address)
            check_address(ip_address(sock.getpeername()[0]), self.host)
        except (OSError, UnsafeUrl):
            sock.close()
            raise
        return sock

    def connect(self) -> None:
        super().connect()
        assert isinstance(self.sock, _Socket)
        self.sock.route = self.route
        self.route.stood = True


class _TLSConnection(_Connection, HTTPSConnection):
    pass


class _Adapter(HTTPAdapter):
    def __init__(self, route: Route) -> None:
        self.route = route
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=tls_context(), **kwargs)

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """The context holds the authorities already; requests would load them again for each connection."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _TLSConnection if pool.scheme == "https" else _Connection
        pool.conn_kw["route"] = self.route
        return pool


class _Session(HTTPSession):
    def get_redirect_target(self, resp: Response) -> None:
        """None: to prepare the next request, requests would read a 3xx body to its end, however long."""


@cache
def tls_context() -> ssl.SSLContext:
    """Verifies certificates and host names. One context for all, because loading the authorities is slow."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.sslsocket_class = _TLSSocket
    return context


def session(route: Route) -> HTTPSession:
    """A session for one request: no redirects, proxies, cookies, credentials files or compression."""
    fresh = _Session(_CONFIG)
    fresh.trust_env = False
    fresh.headers.clear()
    fresh.headers.update({"User-Agent": "Concours", "Accept-Encoding": "identity", "Connection": "close"})
    for prefix in ("https://", "http://"):
        fresh.mount(prefix, _Adapter(route))
    return fresh
