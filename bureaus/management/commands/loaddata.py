"""Django's loaddata, which also knows what a page tree is and refuses to break one."""

import io
import os
import sys
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core import serializers
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from bureaus.integrity import problems
from bureaus.loading import Damaged, Record, Store, copy_media, read_records, refuse_damaged
from bureaus.models.locks import tree_lock

OUR_APP = "bureaus."


class Command(loaddata.Command):
    help = (
        "fixture を読み込みます。壊れた fixture は、理由を示して、全体を拒否します。"
        "同じものを2回読み込んでも何も変わりません。"
    )

    def handle(self, *labels: str, **options: Any) -> None:
        self.verbosity = 0  # what it says in English, it says below in Japanese
        self.using = options["database"]
        self.app_label = options["app_label"]
        self.serialization_formats = serializers.get_public_serializer_formats()
        try:
            files = [file for label in labels for file in self.find_fixtures(label)]
            records = [record for file in files for record in self.read(file[0])]
            ours = [record for record in records if record.model.startswith(OUR_APP)]
            if ours and self.using != DEFAULT_DB_ALIAS:
                raise CommandError(f"ページは、既定のデータベースにだけ読み込めます（{self.using}）。")
            refuse_damaged(records)
            self.store = Store(ours, copy_media(ours, media_folders(files)))
            with tree_lock(self.using):
                self.store.plant_pages()
                super().handle(*labels, **{**options, "verbosity": 0})
                if ours:
                    refuse_broken_site(ours)
        except Damaged as error:
            raise CommandError(f"{error}\n何も読み込んでいません。") from error
        if options["verbosity"]:
            self.stdout.write(
                f"{len(files)}個のファイルの{len(records)}件を読み込みました"
                f"（新しいもの{self.store.created}件、同じもの{self.store.unchanged}件）。"
            )

    def read(self, file: str) -> list[Record]:
        if file == loaddata.READ_STDIN:
            text = sys.stdin.read()
            self.compression_formats["stdin"] = (lambda *_: io.StringIO(text), None)
            return read_records("標準入力", text)
        _, form, compression = self.parse_name(os.path.basename(file))  # noqa: PTH119
        if form != "json":
            raise CommandError(f"{file} の形式「{form}」は読み込めません。JSON で渡してください。")
        opener, mode = self.compression_formats[compression]
        with opener(file, mode) as stream:
            content = stream.read()
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise Damaged([f"{file} は UTF-8 ではありません。UTF-8 で保存し直してください。"]) from error
        return read_records(file, text)

    def save_obj(self, obj: DeserializedObject) -> bool:
        instance = obj.object
        name = f"{instance._meta.label_lower} {instance_name(instance)}"
        if instance._meta.app_label == "bureaus" and not self.store.accepts(instance, name):
            self.models.add(type(instance))  # its sequence is reset all the same
            return False
        try:
            return cast("bool", super().save_obj(obj))
        except (DatabaseError, ValueError) as error:
            raise Damaged([f"{name}：{explain(error, instance)}"]) from error

    def load_label(self, label: str) -> None:
        try:
            super().load_label(label)
        except Damaged as error:
            file = self.find_fixtures(label)[0][0]
            raise Damaged(f"{file}：{sentence}" for sentence in error.sentences) from error
        except DeserializationError as error:
            raise Damaged([f"{error} 参照先があるか、値の形を確かめてください。"]) from error


def instance_name(instance: Any) -> str:
    try:
        return " ".join(map(str, instance.natural_key()))
    except Exception:  # noqa: BLE001 - a damaged record may refer to nothing; it still has a number
        return f"pk={instance.pk}"


def explain(error: Exception, instance: Any) -> str:
    """The sentence of the constraint that the database names, else the database's own words."""
    for constraint in instance._meta.constraints:
        if constraint.name in str(error):
            return str(constraint.violation_error_message)
    return f"登録できません（{error}）。値と参照先を確かめてください。"


def media_folders(files: list[tuple[str, str | None, str]]) -> list[Path]:
    folders = [Path(file).parent / "media" for file, folder, _ in files if folder]
    return [*folders, *(Path(folder) / "media" for folder in settings.FIXTURE_DIRS)]


def refuse_broken_site(records: list[Record]) -> None:
    places = {record.fields.get("url_path"): record for record in records}
    found = problems()
    if found:
        raise Damaged(
            f"{places[problem.address]}：{problem.sentence}"
            if problem.address in places
            else str(problem)
            for problem in found
        )
