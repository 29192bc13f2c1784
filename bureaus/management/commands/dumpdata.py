"""
Django's dumpdata, which can also write the files of the library.

Derived models are left out: loading creates them. Accounts are included where `auth.user` is
among the labels; otherwise nothing in the dump refers to one, so that any site can load it.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core import serializers
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import dumpdata

from bureaus.loading import ordered_json, without_accounts
from bureaus.loading.type_validators import DERIVED_MODELS
from bureaus.uploads.storage import compare_with_storage, named_files, store

# Models without meaning where accounts and groups are missing.
OF_ACCOUNTS = (
    "bureaus.absence",
    "bureaus.approvalstep",
    "bureaus.autosave",
    "bureaus.branchrole",
    "bureaus.draftcomment",
    "bureaus.noticechoice",
    "bureaus.stepofficer",
)
ACCOUNTS = frozenset({"auth", "auth.user"})
GROUPS = "auth.group"
LEFT_OUT = (
    "アカウントは書き出しません。だれがしたかの欄は空にし、担当と入力中の内容は省きます。"
    "含めるには、auth.user も指定してください。"
)


class Command(dumpdata.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--media",
            metavar="DIR",
            help="画像と文書のファイルを、このフォルダーに写します。"
            "-o で書くファイルと同じ場所の media にすると、loaddata がそこから読みます",
        )

    def handle(self, *labels: str, **options: Any) -> None:
        """Copy the files first: where one is missing or differs, nothing is dumped."""
        if options["media"]:
            written = copy_files(FileSystemStorage(location=Path(options["media"]).resolve()))
            self.stderr.write(f"{written}個のファイルを「{options['media']}」に写しました。")
        if options["output"]:
            Path(options["output"]).parent.mkdir(parents=True, exist_ok=True)
        options["exclude"] = [*options["exclude"], *DERIVED_MODELS]
        serializer: ModuleType = ordered_json
        if has_accounts(labels, options["exclude"]):
            labels = with_groups(labels)
        elif options["format"] == "json":
            self.stderr.write(LEFT_OUT)
            options["exclude"] += OF_ACCOUNTS
            serializer = without_accounts
        if options["format"] == "json":
            options["format"] = serializer.FORMAT
            serializers.register_serializer(serializer.FORMAT, serializer.__name__)
        super().handle(*labels, **options)


def has_accounts(labels: Sequence[str], excluded: Collection[str]) -> bool:
    is_named = not labels or any(label.lower() in ACCOUNTS for label in labels)
    return is_named and not any(label.lower() in ACCOUNTS for label in excluded)


def with_groups(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels with the groups, to which accounts and their branches refer."""
    is_everything = not labels or {"auth", GROUPS} & {label.lower() for label in labels}
    return tuple(labels) if is_everything else (*labels, GROUPS)


def copy_files(target: Storage) -> int:
    """Copy the files of the library that `target` lacks. Raises CommandError."""
    missing = compare_with_storage().missing
    if missing:
        raise CommandError(
            f"ファイル「{missing[0]}」など{len(missing)}個が保存場所にありません。"
            "check_site で確かめてください。何も書き出していません。"
        )
    written = 0
    for name in named_files():
        with default_storage.open(name) as stream:
            if not target.exists(name):
                store(name, stream, storage=target)
                written += 1
            elif not is_same(stream, target, name):
                raise CommandError(
                    f"「{name}」は、内容の違うものが写す先にあります。空のフォルダーを指定してください。"
                )
    return written


def is_same(stream: Any, target: Storage, name: str) -> bool:
    with target.open(name) as existing:
        return bool(existing.read() == stream.read())
