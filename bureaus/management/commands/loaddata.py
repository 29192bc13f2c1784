"""Django's loaddata, which validates fixtures and keeps the tree intact."""

import os
import sys
import zlib
from collections import defaultdict
from lzma import LZMAError
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

from django.core import serializers
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.management.utils import parse_apps_and_model_labels
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from bureaus import search
from bureaus.loading import (
    DamagedFixture,
    Record,
    Store,
    copied_media,
    read_records,
    refuse_broken_site,
    refuse_damaged,
)
from bureaus.management.start_failures import database_sentence
from bureaus.models.locks import tree_lock

UNREADABLE = (OSError, EOFError, ValueError, zlib.error, LZMAError, BadZipFile)


class Command(loaddata.Command):
    help = (
        "fixture を読み込みます。壊れた fixture は、理由を示して、全体を拒否します。"
        "同じものを2回読み込んでも何も変わりません。"
    )

    def handle(self, *labels: str, **options: Any) -> None:
        self.verbosity = 0  # its English messages are replaced below
        self.using, self.format = options["database"], options["format"]
        self.app_label, self.ignore = options["app_label"], options["ignore"]
        self.excluded_models, self.excluded_apps = parse_apps_and_model_labels(options["exclude"])
        self.serialization_formats = serializers.get_public_serializer_formats()
        try:
            store = self.load(list(dict.fromkeys(labels)))
        except DamagedFixture as error:
            raise CommandError(f"{error}\n何も読み込んでいません。") from error
        except DatabaseError as error:
            raise CommandError(
                database_sentence(error)
                or f"データベースが受け付けませんでした（{error}）。何も読み込んでいません。"
            ) from error
        written = sum(not record.is_implied for record in self.records)
        if options["verbosity"]:
            for sentence in store.sentences:
                self.stderr.write(sentence)
            self.stdout.write(
                f"{len(self.files)}個のファイルの{written}件を読み込みました"
                f"（新しいもの{store.created + self.loaded_object_count}件、"
                f"同じもの{store.unchanged}件）。"
            )

    def load(self, labels: list[str]) -> Store:
        """Load everything or nothing. Raises DamagedFixture, CommandError or DatabaseError."""
        self.read_labels(labels)
        refuse_damaged(self.records)
        ours = [record for record in self.records if record.is_ours]
        if ours and self.using != DEFAULT_DB_ALIAS:
            raise CommandError(
                f"ページは、既定のデータベースにだけ読み込めます（{self.using}）。"
                "--database を外してください。"
            )
        with copied_media(ours, self.media_folders()) as measured, tree_lock(self.using):
            self.load_others(labels)
            store = Store(ours, measured)
            store.fill()
            if store.created:
                search.analyse()
            self.reset_sequences(connections[self.using], store.created_models)
            if ours:
                refuse_broken_site(ours)
        return store

    def read_labels(self, labels: list[str]) -> None:
        self.files: list[Path] = []
        self.records: list[Record] = []
        self.others: dict[str, list[Record]] = defaultdict(list)
        for label in labels:
            for file, *_ in self.find_fixtures(label):
                self.files.append(Path(file))
                read = [record for record in self.read(file) if not self.is_excluded(record)]
                self.records += read
                self.others[label] += [record for record in read if not record.is_ours]

    def read(self, file: str) -> list[Record]:
        is_stdin = file == loaddata.READ_STDIN
        name = "標準入力" if is_stdin else file
        _, form, compression = self.parse_name(
            file if is_stdin else os.path.basename(file)  # noqa: PTH119 - as Django does
        )
        if form != "json":
            raise CommandError(f"{name} の形式「{form}」は読み込めません。JSON で渡してください。")
        try:
            text = sys.stdin.read() if is_stdin else self.content(file, compression).decode()
        except UnicodeDecodeError as error:
            raise DamagedFixture(
                f"{name} は UTF-8 ではありません。UTF-8 で保存し直してください。"
            ) from error
        except UNREADABLE as error:
            raise DamagedFixture(
                f"{name} を読めません（{error}）。元のファイルから作り直してください。"
            ) from error
        return read_records(name, text)

    def content(self, file: str, compression: str | None) -> bytes:
        opener, mode = cast("Any", self.compression_formats)[compression]
        with opener(file, mode) as stream:
            content: bytes = stream.read()
        return content

    def is_excluded(self, record: Record) -> bool:
        models = {model._meta.label_lower for model in self.excluded_models}
        apps = {config.label for config in self.excluded_apps}
        return record.written_model in models or record.model.partition(".")[0] in apps

    def media_folders(self) -> list[Path]:
        """Return the folders of media beside the files of the fixture."""
        return [folder / "media" for folder in dict.fromkeys(file.parent for file in self.files)]

    def load_others(self, labels: list[str]) -> None:
        """Load records of other apps as Django does, before ours, which may refer to them."""
        try:
            self.loaddata(labels)
        except (DeserializationError, DatabaseError) as error:
            files = "・".join(map(str, self.files))
            raise DamagedFixture(
                f"{files}：登録できません（{error}）。値と参照先を確かめてください。"
            ) from error

    def load_label(self, label: str) -> None:
        """Load each record separately, so that a refusal can name it."""
        for record in self.others[label]:
            item = {"model": record.model, "pk": record.pk, "fields": record.fields}
            try:
                for object_ in Deserializer(
                    [item],
                    using=self.using,
                    ignorenonexistent=self.ignore,
                    handle_forward_references=True,
                ):
                    self.loaded_object_count += self.save_obj(object_)
            except (DeserializationError, DatabaseError, ValueError, OverflowError) as error:
                raise DamagedFixture(
                    f"{record}：登録できません（{error}）。値と参照先を確かめてください。"
                ) from error
