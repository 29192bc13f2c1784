"""Make every session look as if its officer has long been away."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session


def main() -> None:
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen"] = 0
        session.save()
