"""
Django's sessions in the database, with the account beside each: who is logged in where.

The table of sessions stays Django's, so that an older version of the site reads the same ones.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from bureaus.login.models import OfficerSession
from bureaus.security.log import SecurityEvent, record_event

BEGAN, SEEN = "began", "seen"  # seconds, in the session
ADDRESS, BROWSER = "address", "browser"
LISTED = "listed"  # the key under which the session has its row
BROWSERS = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


class SessionStore(DatabaseSessions):
    """One query more at the first save after a login, a new key, or an upgrade."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        officer = self.get(SESSION_KEY)
        if self.session_key is None or officer is None or self.get(LISTED) == self.session_key:
            super().save(must_create)
            return
        self[LISTED] = self.session_key
        with transaction.atomic():
            super().save(must_create)
            OfficerSession.objects.update_or_create(
                session_key=self.session_key, defaults={"officer_id": int(officer)}
            )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        super().delete(session_key)
        if key:
            OfficerSession.objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        super().clear_expired()
        keys = Session.objects.values("session_key")
        OfficerSession.objects.exclude(session_key__in=keys).delete()


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A session as its owner sees it. `reference` stands for the key, which is a secret."""

    reference: str
    began: datetime
    seen: datetime
    address: str
    browser: str
    is_current: bool


def logins_of(officer: User, current: str | None) -> list[LoginRow]:
    """Return the sessions of `officer`, the last used first. 2 queries."""
    rows = [login_row(session, current) for session in sessions_of(officer)]
    return sorted(rows, key=lambda row: row.seen, reverse=True)


def sessions_of(officer: User) -> list[Session]:
    keys = list(OfficerSession.objects.filter(officer=officer).values_list("pk", flat=True))
    return list(Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now()))


def login_row(session: Session, current: str | None) -> LoginRow:
    data: dict[str, Any] = session.get_decoded()
    return LoginRow(
        reference(session.session_key),
        datetime.fromtimestamp(data.get(BEGAN, 0), UTC),
        datetime.fromtimestamp(data.get(SEEN, 0), UTC),
        data.get(ADDRESS) or "（不明）",
        browser_name(data.get(BROWSER, "")),
        session.session_key == current,
    )


def reference(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:20]


def end_unlisted() -> int:
    """End what has no row, such as sessions from before there were rows; return how many."""
    ended = Session.objects.filter(expire_date__gt=timezone.now()).count()
    Session.objects.all().delete()
    OfficerSession.objects.all().delete()
    if ended:
        record_event(SecurityEvent.SESSION_ENDED, reason="operator", count=ended)
    return ended


def browser_name(agent: str) -> str:
    """Return what a person recognises in a User-Agent, which anybody can have made up."""
    browser = next((name for word, name in BROWSERS.items() if word in agent), "")
    system = next((name for word, name in SYSTEMS.items() if word in agent), "")
    return "、".join(filter(None, (browser, system))) or "（不明なブラウザー）"


def end_logins(officer: User, *, only: str = "", keep: str | None = None, reason: str) -> int:
    """End the session with the reference `only`, or all but the key `keep`; return how many."""
    keys = [
        session.session_key
        for session in sessions_of(officer)
        if session.session_key != keep and only in {"", reference(session.session_key)}
    ]
    Session.objects.filter(pk__in=keys).delete()
    OfficerSession.objects.filter(pk__in=keys).delete()
    if keys:
        record_event(
            SecurityEvent.SESSION_ENDED,
            target=officer.get_username(),
            reason=reason,
            count=len(keys),
        )
    return len(keys)
