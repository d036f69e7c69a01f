"""Where the mail of a test goes: nowhere by itself, to the mailbox, or to a real SMTP server."""

from collections.abc import Iterator

import pytest

from conversations.tests.office import Office, post_office


@pytest.fixture
def mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"  # type: ignore[attr-defined]


@pytest.fixture
def office(settings: object) -> Iterator[Office]:
    with post_office() as opened:
        use(settings, opened.port)
        yield opened


def use(settings: object, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port  # type: ignore[attr-defined]
    settings.EMAIL_TIMEOUT = 5  # type: ignore[attr-defined]
