"""System checks of the settings, before the site starts."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning  # noqa: A004 - Django's name for it
from django.utils import timezone

from bureaus.text.formatting import TOKYO, japanese_date

NOTICE = timedelta(days=30)


def check_databases(**_options: Any) -> list[Error]:
    """
    E001: the tree lock on SQLite depends on BEGIN IMMEDIATE.

    E002: an action is repeated after a deadlock only where its transaction is the outermost.
    """
    errors = []
    for alias, database in settings.DATABASES.items():
        options = database.get("OPTIONS", {})
        is_sqlite = database["ENGINE"].endswith("sqlite3")
        if is_sqlite and options.get("transaction_mode") != "IMMEDIATE":
            errors.append(
                Error(
                    f"SQLite のデータベース「{alias}」の transaction_mode が"
                    "IMMEDIATE ではありません。同時に書き込むと、ページの木が壊れます。",
                    hint='OPTIONS に "transaction_mode": "IMMEDIATE" を書いてください。',
                    id="bureaus.E001",
                )
            )
        if database.get("ATOMIC_REQUESTS"):
            errors.append(
                Error(
                    f"データベース「{alias}」の ATOMIC_REQUESTS が有効です。"
                    "操作のやり直しと短い取引ができなくなります。",
                    hint="ATOMIC_REQUESTS を消してください。",
                    id="bureaus.E002",
                )
            )
    return errors


def check_security_contact(**_options: Any) -> list[Warning]:
    """W002: a production site needs a contact for vulnerabilities."""
    if settings.SAMPLE or settings.SECURITY_CONTACT:
        return []
    return [
        Warning(
            "security.txt に載せる連絡先がありません。",
            hint="SECURITY_CONTACT に mailto: か https:// で始まる連絡先を指定してください。",
            id="bureaus.W002",
        )
    ]


def check_security_txt(**_options: Any) -> list[Warning]:
    """W001: security.txt is invalid after its date, and the site then answers 404."""
    expires = settings.SECURITY_TXT_EXPIRES
    if expires - timezone.localdate(timezone=TOKYO) >= NOTICE:
        return []
    return [
        Warning(
            f"security.txt の期限（{japanese_date(expires)}）が過ぎたか、30日以内に来ます。"
            "過ぎると、脆弱性の連絡先を示せなくなります。",
            hint="連絡先を確かめ、SECURITY_TXT_EXPIRES に1年以内の新しい日付を指定してください。",
            id="bureaus.W001",
        )
    ]


def check_proxies(**_options: Any) -> list[Warning]:
    """W003: behind a TLS proxy, all officers share its address unless it is trusted."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "HTTPS=on なのに、信頼する代理サーバーの数（TRUSTED_PROXIES）が0です。"
            "だれかがログインに続けて失敗すると、全員がログインできなくなります。",
            hint="サイトの前にある代理サーバーの数を TRUSTED_PROXIES に指定してください。",
            id="bureaus.W003",
        )
    ]


def check_publisher(**_options: Any) -> list[Warning]:
    """W004: a production site says who publishes it."""
    if settings.PUBLISHER.name:
        return []
    return [
        Warning(
            "サイトの発行者の名前がありません。ページの最後と検索の説明に、発行者を示せません。",
            hint="PUBLISHER_NAME に、府省の名前を指定してください。",
            id="bureaus.W004",
        )
    ]
