"""A TCP proxy of the test's own, before a broker or a receiver: it passes, cuts, swallows or refuses."""

import select
import socket
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Self


class Proxy:
    """Listens on a port of its own for what is meant for `target`. At first everything passes."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self._passing = Event()
        self._passing.set()
        self._lock = Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listening: socket.socket | None = None
        self.port = 0
        self.accepted = 0
        self.listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.refuse()
        self._passing.set()

    def listen(self) -> None:
        """Takes connections, after `refuse` at the same port again."""
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listening.getsockname()[1]
        Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def refuse(self) -> None:
        """Nobody listens any more, as when the server is gone; open connections are cut."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        self.cut()

    def swallow(self) -> None:
        """Half open: connections stand and are accepted, and not a byte comes through."""
        self._passing.clear()

    def pass_on(self) -> None:
        self._passing.set()

    def cut(self) -> int:
        """Closes every open connection; how many there were."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for ends in pairs:
            _close(*ends)
        return len(pairs)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listening.accept()
                self.accepted += 1
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._passing.wait()
        try:
            server = socket.create_connection(self.target, timeout=10)
        except OSError:
            _close(client)
            return
        server.settimeout(None)
        with self._lock:
            self._pairs.append((client, server))
        with suppress(OSError, ValueError):
            self._pump(client, server)
        _close(client, server)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        while True:
            for end in select.select(list(other), [], [])[0]:
                read = end.recv(65536)
                if not read:
                    return
                self._passing.wait()
                other[end].sendall(read)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
