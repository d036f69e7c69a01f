"""TCP receivers on loopback for the tests of outgoing requests: one counts, one answers as it is told."""

import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any


class Listener:
    """Listens on every local address and answers nobody; a connection made to it waits to be counted."""

    def __init__(self) -> None:
        family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
        self._socket = socket.create_server(
            ("", 0), family=family, dualstack_ipv6=family == socket.AF_INET6, backlog=128
        )
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def accept(self) -> list[socket.socket]:
        """The connections made since the last call: the kernel queues them before `connect` returns."""
        accepted = []
        with suppress(BlockingIOError):
            while True:
                accepted.append(self._socket.accept()[0])
        return accepted

    def close(self) -> None:
        self._socket.close()


@contextmanager
def receiver(answer: Callable[[socket.socket], Any], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server on 127.0.0.1 that reads one request and hands the socket to `answer`."""
    server = socket.create_server(("127.0.0.1", 0))
    if tls is not None:
        server = tls.wrap_socket(server, server_side=True)

    def serve() -> None:
        with suppress(OSError), server.accept()[0] as client:
            request = b""
            while b"\r\n\r\n" not in request and (part := client.recv(65536)):
                request += part
            answer(client)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


class Dials:
    """Every `connect` of this process while watching, with those that would leave the machine refused."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.watching = False
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.watching and isinstance(args[1], tuple):
            host, port = args[1][:2]
            self.addresses.append((host, port))
            if host not in ("127.0.0.1", "::1"):
                raise ConnectionRefusedError(f"kept from dialling {host}")

    @contextmanager
    def watched(self) -> Iterator["Dials"]:
        self.addresses, self.watching = [], True
        try:
            yield self
        finally:
            self.watching = False


def answers(*addresses: str) -> Callable[..., list[Any]]:
    """A stand-in for `socket.getaddrinfo` that finds these addresses for every name."""

    def getaddrinfo(_host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
        found = []
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            where = (address, port, 0, 0) if family == socket.AF_INET6 else (address, port)
            found.append((family, socket.SOCK_STREAM, 6, "", where))
        return found

    return getaddrinfo


DIALS = Dials()
