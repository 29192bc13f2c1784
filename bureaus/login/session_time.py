"""When the login of an officer ends, in time for a notice (WCAG 2.2.1)."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from bureaus.login.sessions import BEGAN, SEEN
from bureaus.text.formatting import japanese_time

WARNING = 5 * 60  # seconds before the end in which the notice is shown


@dataclass(frozen=True, slots=True)
class SessionTime:
    """`ends_at` in seconds; one that is `final` comes however busy the officer is."""

    ends_at: int
    is_final: bool

    @property
    def left(self) -> int:
        return max(0, self.ends_at - int(time.time()))

    @property
    def warning(self) -> int:
        return min(WARNING, settings.IDLE_MINUTES * 30)

    @property
    def until(self) -> str:
        return japanese_time(datetime.fromtimestamp(self.ends_at, UTC))

    @property
    def sentence(self) -> str:
        if self.is_final:
            return (
                f"ログインしてから{settings.SESSION_HOURS}時間になるので、{self.until}にログインが"
                "終わります。書いているものを、その前に保存してください。"
            )
        return f"操作がないので、{self.until}にログインが終わります。"


def session_time(session: Any) -> SessionTime:
    """Return when a session ends that nobody uses any more."""
    idle = session.get(SEEN, 0) + settings.IDLE_MINUTES * 60
    oldest = session.get(BEGAN, 0) + settings.SESSION_COOKIE_AGE
    return SessionTime(min(idle, oldest), is_final=oldest <= idle)
