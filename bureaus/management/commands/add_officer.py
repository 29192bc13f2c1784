from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.login.invitations import invite, last_moment
from bureaus.models import Role
from bureaus.models.placements import pages_at
from bureaus.publishing import Blocked, appoint
from bureaus.text.formatting import japanese_moment

ROLES = "、".join(f"{role.value}（{role.label}）" for role in Role)


class Command(BaseCommand):
    help = (
        "職員を、あるページとその下の担当にします。アカウントがなければ作り、本人がパスワードを決めるための招待リンクを示します。"
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
        name = User.normalize_username(name.strip())  # as `appoint` looks it up
        is_new = not User.objects.filter(username=name).exists()
        try:
            account = appoint(name=name, role=Role(role), page=page, actor=None)
        except Blocked as blocked:
            raise CommandError(str(blocked)) from blocked
        made = "アカウントを作り、" if is_new else ""
        self.stdout.write(f"{made}「{name}」を「{branch}」とその下の{Role(role).label}にしました。")
        if is_new:
            self.stdout.write(
                f"{japanese_moment(last_moment())}まで1回だけ使える、次の招待リンクを、本人だけに"
                f"渡してください。\n{settings.SITE_ORIGIN}{invite(account)}"
            )
