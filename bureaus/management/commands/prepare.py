import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.models import Page

FIXTURES = ("ministry", "directory", "news")


class Command(BaseCommand):
    help = (
        "サイトを始められる状態にします：データベースを最新の形にし、空なら fixture を読み込み、"
        "静的ファイルを集めます。何度実行しても、あるものは変えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        del options
        refuse_busy_port(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        if not Page.objects.exists():
            self.stdout.write("データベースが空なので、見本の内容を読み込みます。")
            call_command("loaddata", *FIXTURES, stdout=self.stdout)
        call_command("collectstatic", verbosity=0, interactive=False)
        is_usual = Path(settings.DATA_DIR) == settings.BASE_DIR / "var"
        where = "" if is_usual else f" DATA_DIR={settings.DATA_DIR}"
        self.stdout.write(
            f"サイト　：http://{host}:{port}/\n"
            f"管理画面：http://{host}:{port}/admin/"
            f"（アカウントは、別の端末で「make account{where}」を実行して作ります）\n"
            f"データ　：{settings.DATA_DIR}\n"
            "終了するには Ctrl-C を押してください。"
        )


def refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"{host} のポート {port} を使えません（{error}）。"
                "別の番号で「make run PORT=8123」のように始めてください。"
            ) from error
