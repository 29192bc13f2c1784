import fcntl
import os
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from bureaus.management.existing_content import page_count
from bureaus.management.file_permissions import narrow_permissions, open_to_web_server
from bureaus.management.migrating import migrate
from bureaus.management.start_failures import (
    database_sentence,
    explained,
    refuse_missing_bucket,
    refuse_silent_cache,
)
from bureaus.models import (
    ApprovalStep,
    Document,
    DocumentTag,
    DraftComment,
    Edition,
    Image,
    ImageTag,
    Page,
)
from bureaus.models.locks import tree_lock
from bureaus.publishing import Blocked, add_root, approve, submit
from bureaus.publishing.news_listings import complete_news_listings
from bureaus.search import is_behind

PREPARE_LOCK_KEY = 0x7072_6570  # "prep": any number, the same on every machine
FIXTURES = ("ministry", "directory", "news", "synonyms")
EMPTY = (
    "データベースにページがありません。実際のサイトの設定（SAMPLE=off）なので、見本は読み込みません。"
    "DATABASE_URL と DATA_DIR が正しいことを確かめてください。"
    "新しいサイトなら「.venv/bin/python manage.py prepare --empty --title 府省の名前」で始めます。"
    "控えがあれば docs/operations.md の「控えを取る・控えから戻す」に従って戻してください。"
    "見本から始めるなら SAMPLE=on を付けます。"
    "それまで、トップページは「準備中」（503）と答えます。"
)
NOT_EMPTY = (
    "データベースには、もう{}ページあります。公開したページは消せないので、新しいサイトは新しい"
    "データベースで始めます。DATA_DIR に新しいフォルダーを（PostgreSQL なら、DATABASE_URL に新しく"
    "作った空のデータベースも）指定して、もう一度実行してください。何も変えていません。"
)
WITHOUT_TITLE = (
    "トップページの表題がありません。「prepare --empty --title 府省の名前」のように、両方を"
    "付けるか、--empty を付けて、PUBLISHER_NAME に府省の名前を指定してください。"
)
STILL_SAMPLE = (
    "いまの設定では、どのページにも「見本です」と出ます。PUBLISHER_NAME などの発行者を指定するか、"
    "SAMPLE=off を付けてください。"
)
LAST_PORT, MOST_WORKERS, DIGITS = 65_535, 64, 6
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - printed for it


class Command(BaseCommand):
    help = (
        "サイトを始められる状態にします：データベースを最新の形にし、見本のサイト（SAMPLE=on）が空なら"
        "見本を読み込み、静的ファイルを集めます。何度実行しても、あるものは変えません。"
        "--empty は、見本のない、公開されたトップページだけのサイトを始めます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--workers", default="2")
        parser.add_argument(
            "--empty", action="store_true", help="見本のない、トップページだけのサイトを始めます"
        )
        parser.add_argument(
            "--migrate-only",
            action="store_true",
            help="更新の1歩：動いているサイトのポートは調べず、見本も読み込みません",
        )
        parser.add_argument("--title", help="--empty のトップページの表題（既定は PUBLISHER_NAME）")

    def handle(
        self, *, host: str, port: str, workers: str, empty: bool, title: str | None, **options: Any
    ) -> None:
        if options["migrate_only"]:
            self.migrate_only()
            return
        refuse_wrong_number("PORT", port, LAST_PORT)
        refuse_wrong_number("WORKERS", workers, MOST_WORKERS)
        if empty or title is not None:
            self.begin(title_of_root(title, is_empty=empty))
            return
        refuse_busy_port(host, int(port))
        refuse_unusable_services()
        with explained(), one_at_a_time(), one_machine_at_a_time():
            self.prepare()
        narrow_permissions()
        self.greet(host, port)

    def migrate_only(self) -> None:
        """Do what a new version needs while the former one still serves (docs/adr/0038)."""
        refuse_unusable_services()
        with explained(), one_at_a_time(), one_machine_at_a_time():
            migrate(self.stdout.write)
            self.bring_up_to_date()
        narrow_permissions()
        self.stdout.write("データベースと静的ファイルは、このプログラムの形です。")

    def begin(self, title: str) -> None:
        """Prepare a site of one page. Raises CommandError where there are pages."""
        refuse_unusable_services()
        with explained(), one_at_a_time(), one_machine_at_a_time():
            if pages := page_count():
                raise CommandError(NOT_EMPTY.format(pages))
            migrate(self.stdout.write)
            publish_root(title)
            call_command("loaddata", "synonyms", verbosity=0)
            self.prepare()
        narrow_permissions()
        self.stdout.write(
            f"「{title}」のトップページだけの、新しいサイトを作りました（データ：{settings.DATA_DIR}）。"
            f"「{account_command()}」で最初のアカウントを作り、「make run」で始めてください。"
        )
        if settings.SAMPLE:
            self.stdout.write(STILL_SAMPLE)

    def greet(self, host: str, port: str) -> None:
        site = f"http://{host_in_url(host)}:{port}/"
        self.stdout.write(
            f"サイト　：{site}\n"
            f"管理画面：{site}admin/"
            f"（アカウントは、別の端末で「{account_command()}」を実行して作ります）\n"
            f"データ　：{settings.DATA_DIR}\n"
            "終了するには Ctrl-C を押してください。"
        )

    def prepare(self) -> None:
        migrate(self.stdout.write)
        if not Page.objects.exists():
            self.fill()
        self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        # What the version before left, which deletes drafts, pages and files without these tables.
        DraftComment.objects.exclude(edition__in=Edition.objects.values("pk")).delete()
        ApprovalStep.objects.exclude(page__in=Page.objects.values("pk")).delete()
        ImageTag.objects.exclude(image__in=Image.objects.values("pk")).delete()
        DocumentTag.objects.exclude(document__in=Document.objects.values("pk")).delete()
        if completed := complete_news_listings():
            self.stdout.write(f"前の版が更新の間に書いた、{completed}件の一覧の行を直しました。")
        with suppress(SystemExit):  # it printed the failures; the site can start without them
            call_command("make_renditions", verbosity=0, stdout=self.stdout)
        if is_behind():
            self.stdout.write("検索の索引を作ります。")
            call_command("rebuild_search", stdout=self.stdout)
        call_command("collectstatic", verbosity=0, interactive=False)
        open_to_web_server(Path(settings.STATIC_ROOT))

    def fill(self) -> None:
        """Load the sample into an empty demonstration; for another site print what to do."""
        if not settings.SAMPLE:
            self.stdout.write(EMPTY)
            return
        self.stdout.write("データベースが空なので、見本の内容を読み込みます。")
        call_command("loaddata", *FIXTURES, stdout=self.stdout)


def title_of_root(title: str | None, *, is_empty: bool) -> str:
    """Return the title that the options and the settings give. Raises CommandError."""
    publisher = "" if settings.SAMPLE else settings.PUBLISHER.name
    title = publisher if title is None else title.strip()
    if not is_empty or not title:
        raise CommandError(WITHOUT_TITLE)
    return title


def publish_root(title: str) -> None:
    """Add the page at `/` and publish its first edition. Raises CommandError."""
    try:
        with tree_lock():
            draft = add_root(title=title).editions.get()
            approve(editions=[submit(edition=draft, actor=None)], actor=None)
    except Blocked as blocked:
        raise CommandError(str(blocked)) from blocked


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock on the folder: a second start waits until the first has prepared it."""
    with (Path(settings.DATA_DIR) / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def one_machine_at_a_time() -> Iterator[None]:
    """Hold a lock on the database, for several machines; only on PostgreSQL."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK_KEY])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK_KEY])


def refuse_wrong_number(name: str, text: str, most: int) -> None:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:DIGITS]) <= most):
        raise CommandError(
            f"{name} の値「{text}」は使えません。1 から {most} までの数を指定するか、"
            f"{name} を消して既定値で起動してください。"
        )


def refuse_unusable_services() -> None:
    """Raise CommandError unless database and bucket answer, and text in Japanese can be stored."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(
            database_sentence(error)
            or f"データベースにつながりません（{error}）。"
            "DATABASE_URL と、データベースが動いているかを確かめてください。"
        ) from error
    refuse_other_encoding()
    refuse_missing_bucket()
    refuse_silent_cache()


def refuse_other_encoding() -> None:
    """Raise CommandError unless the database is UTF-8, without which Japanese text breaks."""
    statement = "SHOW server_encoding" if connection.vendor == "postgresql" else "PRAGMA encoding"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (encoding,) = cursor.fetchone()
    if encoding not in {"UTF8", "UTF-8"}:
        raise CommandError(
            f"データベースの文字コードが {encoding} です。UTF-8 のデータベースを新しく作り、"
            "DATABASE_URL に指定してください（PostgreSQL では "
            "createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 名前）。"
        )


def host_in_url(host: str) -> str:
    host = EVERY_ADDRESS.get(host, host)
    return f"[{host}]" if ":" in host else host


def account_command() -> str:
    """Return `make account` with the settings of this site, without a password."""
    words = ["make", "account"]
    if Path(settings.DATA_DIR) != settings.BASE_DIR / "var":
        words.append(f"DATA_DIR={settings.DATA_DIR}")
    command = shlex.join(words)
    return f"{command} DATABASE_URL=（同じ値）" if os.environ.get("DATABASE_URL") else command


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
