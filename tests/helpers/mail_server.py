"""A real SMTP server on this machine, which keeps what it accepts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


class Inbox:
    """The handler of the server. `replies` are given first, before mails are accepted."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.replies: list[str] = []
        self.sender_reply = "250 OK"

    async def handle_MAIL(self, *dialogue: Any) -> str:  # noqa: N802 - the library's name
        _server, _session, envelope, address, _options = dialogue
        envelope.mail_from = address
        return self.sender_reply

    async def handle_RCPT(self, *dialogue: Any) -> str:  # noqa: N802 - the library's name
        _server, _session, envelope, address, _options = dialogue
        if self.replies:
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the same
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]).strip() for message in self.messages]

    @property
    def text(self) -> str:
        return "\n".join(str(message.get_content()) for message in self.messages)


@contextmanager
def running_mail_server() -> Iterator[Inbox]:
    """Run the server, and let the site send its mails there."""
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            DEFAULT_FROM_EMAIL="site@example.go.jp",
            SITE_ORIGIN="https://www.example.go.jp",
        ):
            yield inbox
    finally:
        server.stop()
