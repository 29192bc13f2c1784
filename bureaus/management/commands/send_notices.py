import smtplib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureaus.notices.outbox import delete_old, fill_outbox, reason_of, send_due
from bureaus.publishing.notices import add_due_notices

NOT_LOST = "お知らせは失われず、次に実行したときに送ります。"


class Command(BaseCommand):
    help = (
        "担当者へのお知らせ（確認の依頼、差し戻し、承認、公開の開始など）をメールで送ります。"
        "何度実行しても、同時に実行しても、同じものを2度は送りません。送れなかったものは、間をあけて"
        "送り直し、諦めたものがあれば、1件に1行を示して、終了コード1で終わります。"
    )

    def handle(self, **options: Any) -> None:
        del options
        if not settings.SITE_ORIGIN:
            raise CommandError(
                "環境変数 SITE_ORIGIN がないので、メールに書くアドレスが決まりません。"
                "https://www.example.go.jp の形で指定してください。何も送っていません。"
            )
        now = timezone.now()
        add_due_notices(now)
        fill_outbox(now)
        delete_old(now)
        try:
            totals = send_due(self.stderr.write)
        except (smtplib.SMTPException, OSError) as error:
            raise CommandError(f"{sentence_of(error)}{NOT_LOST}") from error
        self.stdout.write(
            f"お知らせを{totals.sent}通送りました。あとで送り直すものは{totals.postponed}通、"
            f"諦めたものは{totals.given_up}通です。"
        )
        if totals.given_up:
            raise SystemExit(1)


def sentence_of(error: Exception) -> str:
    """Return which setting the mail server refuses, why, and what to do."""
    reason = reason_of(error)
    match error:
        case smtplib.SMTPSenderRefused():
            return (
                f"差出人「{settings.DEFAULT_FROM_EMAIL}」を、メールのサーバーが断りました"
                f"（{reason}）。EMAIL_FROM を、そのサーバーから送れるアドレスにしてください。"
            )
        case smtplib.SMTPAuthenticationError():
            return (
                f"メールのサーバー「{settings.EMAIL_HOST}」にログインできません（{reason}）。"
                "EMAIL_URL の利用者名とパスワードを確かめてください。"
            )
        case smtplib.SMTPHeloError():
            return (
                f"メールのサーバー「{settings.EMAIL_HOST}」が、このコンピューターの名乗りを断りました"
                f"（{reason}）。サーバーの側で、このコンピューターからの送信を許してください。"
            )
        case _:
            return (
                f"メールのサーバー「{settings.EMAIL_HOST}」につながりません（{reason}）。"
                "EMAIL_URL と、サーバーの状態を確かめてください。"
            )
