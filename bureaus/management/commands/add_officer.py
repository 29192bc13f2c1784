import getpass
import sys
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.models import Role
from bureaus.models.placements import pages_at
from bureaus.publishing import Blocked, appoint

ROLES = "、".join(f"{role.value}（{role.label}）" for role in Role)


class Command(BaseCommand):
    help = (
        "職員を、あるページとその下の担当にします。アカウントがなければ作り、パスワードを尋ねます。"
        "例：add_officer 鈴木 --role writer --branch /main_sosiki/joho_kokusai/"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="アカウントの名前")
        parser.add_argument("--role", required=True, help=f"役割：{ROLES}")
        parser.add_argument("--branch", required=True, help="担当の先頭のページのアドレス")

    def handle(self, *, name: str, role: str, branch: str, **options: Any) -> None:
        del options
        if role not in Role.values:
            raise CommandError(f"役割「{role}」はありません。{ROLES}のどれかにしてください。")
        page = pages_at([branch]).get(branch)
        if page is None:
            raise CommandError(
                f"「{branch}」というページはありません。「/main_sosiki/」のようなアドレスで"
                "指定してください。"
            )
        is_new = not User.objects.filter(username=name).exists()
        password = ask_for_password(name) if is_new else None
        try:
            appoint(name=name, role=Role(role), page=page, password=password, actor=None)
        except Blocked as blocked:
            raise CommandError(str(blocked)) from blocked
        made = "アカウントを作り、" if is_new else ""
        self.stdout.write(f"{made}「{name}」を「{branch}」とその下の{Role(role).label}にしました。")


def ask_for_password(name: str) -> str:
    """Read it twice from a terminal, or the first line of the input. Never an argument."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(f"「{name}」のパスワード：")
    if first != getpass.getpass("もう一度："):
        raise CommandError("2つのパスワードが違います。もう一度実行してください。")
    return first
