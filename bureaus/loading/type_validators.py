"""Validators of the types of all values, on which everything after them relies."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
)

from bureaus.loading.fixture_records import Record
from bureaus.text.formatting import TOKYO
from bureaus.text.rich_text import invisible_in

# Derived from other columns, or from the file: may be left out or null.
TREE_COLUMNS = frozenset({"path", "depth", "numchild"})
# Derived as well where a page in the short form implies its placement.
IMPLIED = TREE_COLUMNS | {"position", "live_from"}
FROM_FILES = frozenset(
    "width height byte_size renditions page_count language is_tagged has_text".split()
)
DERIVED = FROM_FILES | {
    "live_until",
    "finding_count",
    "error_count",
    "hidden_until",
    "hidden_note",
}
# Models in the order of their references, with the fields that identify an object without a key.
# An audit entry and a position without a key are refused.
IDENTITY: dict[str, tuple[str, ...]] = {
    "bureaus.page": ("key",),
    "bureaus.placement": ("path",),
    "bureaus.siblingposition": (),
    "bureaus.formeraddress": ("url_path",),
    "bureaus.image": ("file",),
    "bureaus.document": ("address",),
    "bureaus.earlierfile": ("file",),
    "bureaus.imagetag": ("image", "name"),
    "bureaus.documenttag": ("document", "name"),
    "bureaus.edition": ("page", "number"),
    "bureaus.figure": ("edition", "position"),
    "bureaus.link": ("edition", "position"),
    "bureaus.contact": ("edition", "position"),
    "bureaus.auditentry": (),
    "bureaus.branchrole": ("group", "page", "role"),
    "bureaus.autosave": ("edition", "officer", "form_key"),
    "bureaus.synonyms": ("words",),
    "bureaus.houseword": ("written",),
    "bureaus.approvalstep": ("page", "name"),
    "bureaus.stepofficer": ("step", "officer"),
    "bureaus.absence": ("officer", "first_day"),
    "bureaus.zeroresultquery": ("day", "word"),
    "bureaus.acceptance": ("page", "rule", "quote"),
    "bureaus.seal": ("key",),
    "bureaus.filefinding": ("document", "rule", "place", "words"),
    "bureaus.noticechoice": ("officer", "kind"),
    "bureaus.pagereview": ("page",),
    "bureaus.draftcomment": ("key",),
}
KEYED = frozenset({"bureaus.auditentry", "bureaus.siblingposition"})
ACTORS = frozenset(
    {"actor", "uploader", "proposer", "confirmer", "reviewer", "author", "resolver"}
)  # null in a dump without accounts
LINES = frozenset({"quote"})  # of several lines, though the column is one of short texts
# Derived from other models: not dumped, and created by loading. Nor are the notices: another site
# would send their mails again.
DERIVED_MODELS = (
    "bureaus.searchrow",
    "bureaus.documenttext",
    "bureaus.newslisting",
    "bureaus.readabilityreport",
    "bureaus.notice",
    "bureaus.noticemail",
    "bureaus.checkedlink",
    "bureaus.linkuse",
)
GREATEST_KEY = 2**53 - 1  # the last that every reader of JSON keeps


def type_faults(records: list[Record]) -> Iterator[str]:
    for record in records:
        try:
            model = apps.get_model(record.model)
        except (LookupError, ValueError):
            yield f"{record}：「{record.model}」というモデルはありません。名前を確かめてください。"
            continue
        if record.model in DERIVED_MODELS:
            yield f"{record}：ほかの内容から作られるものです。レコードを消してください。"
            continue
        yield from field_faults(record, model)
        if record.is_ours:
            yield from key_faults(record, model)
            yield from value_faults(record, model)
    yield from repetition_faults([record for record in records if record.is_ours])


def field_faults(record: Record, model: type[Model]) -> Iterator[str]:
    known = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    for field in record.fields:
        if field not in known or (record.is_ours and field == "id"):
            yield f"{record}：「{field}」という欄はありません。欄を消すか名前を直してください。"


def key_faults(record: Record, model: type[Model]) -> Iterator[str]:
    if model._meta.proxy:
        yield f"{record}：model は「bureaus.page」にし、種類は kind の欄に書いてください。"
    if record.pk is not None and not is_key(record.pk):
        yield f"{record}：番号 pk「{record.pk}」は使えません。1以上の整数にするか、消してください。"
    if record.pk is None and record.model in KEYED:
        yield f"{record}：記録には番号 pk が要ります。dumpdata が書いたものを使ってください。"


def repetition_faults(records: list[Record]) -> Iterator[str]:
    """Refuse two records with one number, or with the same name, number or position."""
    numbers = Counter((record.model, record.pk) for record in records if is_key(record.pk))
    names = Counter(map(identity, records))
    for record in records:
        if is_key(record.pk) and numbers[record.model, record.pk] > 1:
            yield f"{record}：番号 pk={record.pk} が重複しています。1件だけにしてください。"
        if identity(record) and names[identity(record)] > 1:
            fields = "url_path" if record.is_short else "・".join(IDENTITY[record.model])
            yield f"{record}：{fields} が重複しています。1件だけにしてください。"


def identity(record: Record) -> str:
    fields = () if record.is_implied else IDENTITY.get(record.model)
    values = [record.fields.get(field) for field in fields or ()]
    return json.dumps([record.model, *values]) if fields else ""


def value_faults(record: Record, model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.primary_key or (record.is_short and field.name in {"key", "page"}):
            continue
        fault = value_fault(field, record)
        if fault:
            yield (
                f"{record}：{field.name}（{field.verbose_name}）の値が使えません。{fault}"
                "値を直すか、dumpdata で作り直してください。"
            )


def value_fault(field: "Field[Any, Any]", record: Record) -> str:
    """Return a sentence, empty where the record's value for `field` is valid."""
    value = record.fields.get(field.name)
    can_follow = field.name in (DERIVED | IMPLIED if record.is_implied else DERIVED)
    if field.name not in record.fields:
        is_needed = not (can_follow or field.has_default() or field.null or field.blank)
        return "この欄は省けません。" if is_needed else ""
    if value is None:
        return "" if field.null or can_follow else "null にはできません。"
    if isinstance(field, ForeignKey):
        return "" if is_reference(value) else "番号か、アドレスなどの並び [ … ] ではありません。"
    if not isinstance(field, JSONField) and not is_of_type(field, value):
        return f"「{value}」は、この欄の型の値ではありません。"
    if isinstance(value, str) and (fault := text_fault(field, value)):
        return fault
    return "" if field.name in TREE_COLUMNS | {"slug"} else validation_fault(field, value)


def text_fault(field: "Field[Any, Any]", text: str) -> str:
    """Return a sentence where `text` has characters that the forms remove from input."""
    if not is_storable(text):
        return "文字でないもの（NUL か、対にならないサロゲート）があります。"
    if invisible := invisible_in(text):
        return f"見えない制御文字 {invisible} があります。取り除いてください。"
    is_line = isinstance(field, CharField) and field.name not in LINES
    if is_line and ("\n" in text or "\t" in text):
        return "改行かタブがあります。1行にしてください。"
    return ""


def validation_fault(field: "Field[Any, Any]", value: object) -> str:
    try:
        cleaned = field.clean(value, None)
    except ValidationError as error:
        return "".join(error.messages)
    if isinstance(cleaned, datetime) and not is_moment(cleaned):
        return f"「{value}」に、時差（+09:00 など）がないか、年が遠すぎます。"
    return ""


def is_of_type(field: "Field[Any, Any]", value: object) -> bool:
    if isinstance(field, BooleanField):
        return isinstance(value, bool)
    if isinstance(field, IntegerField):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def is_key(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= GREATEST_KEY


def is_reference(value: object) -> bool:
    """Tell whether it is a key, or a natural key: a list of texts and numbers."""
    if not isinstance(value, list):
        return is_key(value)
    return bool(value) and all(
        is_storable(part) if isinstance(part, str) else is_key(part) for part in value
    )


def is_storable(text: str) -> bool:
    """Tell whether both databases can hold `text`."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def is_moment(value: datetime) -> bool:
    """Tell whether it is an aware moment that exists in UTC and in Tokyo."""
    try:
        value.astimezone(UTC), value.astimezone(TOKYO)
    except OverflowError:
        return False
    return value.tzinfo is not None
