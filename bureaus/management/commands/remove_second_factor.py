from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.login.second_factor import remove


class Command(BaseCommand):
    help = "認証アプリを失った担当者から、2段階認証の登録を外します。パスワードは変わりません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="アカウントの名前")

    def handle(self, *, name: str, **options: Any) -> None:
        del options
        officer = User.objects.filter(username=name).first()
        if officer is None:
            raise CommandError(f"アカウント「{name}」はありません。名前を確かめてください。")
        factors, codes = remove(officer)
        if not factors and not codes:
            self.stdout.write(f"「{name}」に、外すものはありませんでした。")
            return
        self.stdout.write(
            f"「{name}」から、認証アプリ{factors}件と予備コード{codes}個を外しました。"
            "次にログインしたあとで、もう一度登録するよう伝えてください。"
        )
