"""A real SMTP server on loopback that answers each phase as a test tells it to, or hangs up."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

HANG_UP = "hang up"


class Office:
    """`answers` gives the reply to "MAIL", "RCPT" and "DATA"; what was accepted or cut off lies in `mails`."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        # receivers that do not exist here
        self.unknown: set[str] = set()
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.port = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.unknown:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", server)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self._answer("DATA", server)

    def _answer(self, phase: str, server: Any) -> str:
        answer = self.answers.get(phase, "250 OK")
        if answer == HANG_UP:
            server.transport.abort()
        return answer


class _Server(Controller):
    """On any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_office(*, password: str = "") -> Iterator[Office]:
    """An open office; with a password, one that asks for it."""
    office = Office()
    login: dict[str, Any] = {}
    if password:
        login = {
            "auth_required": True, "auth_require_tls": False,
            "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(
                success=data.password == password.encode(), handled=False
            ),
        }  # fmt: skip
    server = _Server(office, hostname="127.0.0.1", port=0, **login)
    server.start()
    office.port = server.port
    try:
        yield office
    finally:
        server.stop()
