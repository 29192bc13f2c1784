"""End every session."""

from django.contrib.sessions.models import Session


def main() -> None:
    Session.objects.all().delete()
