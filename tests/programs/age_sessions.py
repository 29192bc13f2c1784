"""Make every session look as if its officer had been away for so many seconds, or for long."""

import time

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session


def main(seconds: str = "") -> None:
    seen = int(time.time()) - int(seconds) if seconds else 0
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen"] = seen
        session.save()
