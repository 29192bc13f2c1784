from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.login.sessions import end_logins, end_unlisted


class Command(BaseCommand):
    help = "担当者のログインを終わらせます。名前を付けるか、全員なら --all を付けます。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="アカウントの名前")
        parser.add_argument("--all", action="store_true", help="全員のログインを終わらせます")

    def handle(self, *, names: list[str], all: bool, **options: Any) -> None:  # noqa: A002
        del options
        if bool(names) == all:
            raise CommandError("アカウントの名前か --all の、どちらかを付けてください。")
        found = list(User.objects.all() if all else User.objects.filter(username__in=names))
        if missing := set(names) - {officer.username for officer in found}:
            raise CommandError(
                f"アカウント「{'」「'.join(sorted(missing))}」はありません。名前を確かめてください。"
            )
        ended = sum(end_logins(officer, reason="operator") for officer in found)
        ended += end_unlisted() if all else 0
        self.stdout.write(f"{len(found)}人の、{ended}件のログインを終わらせました。")
