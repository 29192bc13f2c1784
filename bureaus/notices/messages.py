"""The mails of the notices: plain text, with absolute addresses and no content but titles."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from bureaus.models import NoticeMail
from bureaus.notices.lines import NoticeLine
from bureaus.text.rich_text import strip_invisible

SUBJECT_TITLE = 40  # characters
CLOSING = (
    "このメールは、サイトの管理画面から自動でお送りしています。"
    "受け取り方は、次の画面で変えられます。"
)


def message_of(
    mail: NoticeMail, lines: Sequence[NoticeLine], connection: BaseEmailBackend
) -> EmailMessage:
    """Return the mail; its Message-ID is the same at every attempt."""
    recipient: User = mail.recipient
    return EmailMessage(
        subject=subject_of(lines),
        body=body_of(recipient, lines),
        to=[recipient.email],
        headers={
            "Message-ID": f"<{mail.message_id}@{sender_host()}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no absence notes in reply
        },
        connection=connection,
    )


def subject_of(lines: Sequence[NoticeLine]) -> str:
    name = settings.PUBLISHER.name or "サイトの管理"
    if len(lines) > 1:
        return f"【{name}】お知らせ{len(lines)}件"
    title = one_line(lines[0].title)
    short = title if len(title) <= SUBJECT_TITLE else f"{title[: SUBJECT_TITLE - 1]}…"
    return f"【{name}】{lines[0].heading}：「{short}」"


def body_of(recipient: User, lines: Sequence[NoticeLine]) -> str:
    origin = settings.SITE_ORIGIN
    parts = [f"{recipient.get_full_name() or recipient.get_username()} 様"]
    parts += [
        f"■ {line.heading}\n{named(line)}\n{line.sentence}\n{origin}{line.path}" for line in lines
    ]
    parts.append(f"{CLOSING}\n{origin}{reverse('admin:notices')}")
    return "\n\n".join(parts) + "\n"


def named(line: NoticeLine) -> str:
    """Return the title with its address; what is withheld has neither."""
    return f"「{one_line(line.title)}」（{line.address}）" if line.address else one_line(line.title)


def one_line(text: str) -> str:
    return " ".join(strip_invisible(text).split())


def sender_host() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
