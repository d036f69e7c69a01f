"""A real IMAP server on loopback (pymap, in memory), and a folder of its own for each test."""

import imaplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

USER, PASSWORD = "demouser", "demopass"


class ImapOffice:
    """`port` to connect to; mail is put into folders as another mail program would."""

    def __init__(self, port: int) -> None:
        self.port = port

    def session(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        imap.login(USER, PASSWORD)
        return imap

    def folder(self) -> str:
        name = f"F{uuid4().hex[:12]}"
        with self.session() as imap:
            assert imap.create(name)[0] == "OK"
        return name

    def put(self, folder: str, *mails: bytes, at: datetime | None = None) -> None:
        stamp = imaplib.Time2Internaldate(at or datetime.now(UTC))
        with self.session() as imap:
            for mail in mails:
                assert imap.append(folder, "", stamp, mail)[0] == "OK"

    def renumber(self, folder: str) -> None:
        """The folder is made anew with the same mails: another UIDVALIDITY."""
        with self.session() as imap:
            imap.select(folder)
            found = imap.uid("SEARCH", "ALL")[1][0].split()
            mails = [
                next(item[1] for item in imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1] if isinstance(item, tuple))
                for uid in found
            ]
            imap.close()
            imap.delete(folder)
            imap.create(folder)
        self.put(folder, *mails)

    def unseen(self, folder: str) -> int:
        with self.session() as imap:
            imap.select(folder, readonly=True)
            return len(imap.uid("SEARCH", "UNSEEN")[1][0].split())


@contextmanager
def imap_office() -> Iterator[ImapOffice]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("pymap")
    server = subprocess.Popen(
        [str(program), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve", "dict"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port, server)
        yield ImapOffice(port)
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Until it answers: each attempt waits for the kernel's word, not for a clock."""
    for _attempt in range(2000):
        assert server.poll() is None, "pymap ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as client:
            if client.recv(4):
                return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.02)
    raise AssertionError("pymap does not answer")
