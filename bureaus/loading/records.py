"""The records of fixture files, and what can be wrong with them before anything is stored."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError

from bureaus.models import KINDS_UNDER, Kind, Page
from bureaus.models.addresses import address_chain, address_under, is_address, parent_address
from bureaus.models.addresses import validate_slug as check_slug
from bureaus.models.pages import pages_at
from bureaus.richtext import SIZE_LIMIT, forbidden

PATH = re.compile(r"(?:[0-9A-Z]{4})+")


class Damaged(Exception):  # noqa: N818 - a list of sentences
    """A fixture was refused whole. `sentences` name file, record, reason and remedy."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Record:
    file: str
    number: int  # from 1
    model: str
    pk: Any
    fields: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file} の {self.number} 件目（{self.model} {self.name}）"

    @property
    def name(self) -> str:
        for field in ("url_path", "file", "page", "edition"):
            value = self.fields.get(field)
            if value:
                return json.dumps(value, ensure_ascii=False) if field != "url_path" else value
        return f"pk={self.pk}"


def read_records(file: str, text: str) -> list[Record]:
    """Read one JSON fixture. Raises Damaged where it is no list of records."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Damaged(
            [
                f"{file} を JSON として読めません（{error}）。"
                "途中で切れていないか確かめ、元のファイルから作り直してください。"
            ]
        ) from error
    if not isinstance(content, list):
        raise Damaged([f"{file} は、レコードの並び（[ … ]）ではありません。"])
    records = []
    for number, item in enumerate(content, 1):
        if not isinstance(item, dict) or not isinstance(item.get("fields"), dict):
            raise Damaged([f"{file} の {number} 件目に model と fields がありません。"])
        model = str(item.get("model", "")).lower()
        records.append(Record(file, number, model, item.get("pk"), item["fields"]))
    return records


def refuse_damaged(records: list[Record]) -> None:
    """Raise Damaged with every sentence there is against these records. 2 queries."""
    sentences = [*model_faults(records)]
    if not sentences:
        pages = [record for record in records if record.model == "bureaus.page"]
        sentences += [*page_faults(pages), *tree_column_faults(pages), *body_faults(records)]
    if sentences:
        raise Damaged(sentences)


def model_faults(records: list[Record]) -> Iterator[str]:
    for record in records:
        try:
            model = apps.get_model(record.model)
        except (LookupError, ValueError):
            yield f"{record}：「{record.model}」というモデルはありません。名前を確かめてください。"
            continue
        for field in record.fields:
            try:
                model._meta.get_field(field)
            except FieldDoesNotExist:
                yield f"{record}：「{field}」という欄はありません。欄を消すか名前を直してください。"


def page_faults(pages: list[Record]) -> Iterator[str]:
    addresses = [str(record.fields.get("url_path", "")) for record in pages]
    counts = Counter(addresses)
    kinds = {str(record.fields.get("url_path")): record.fields.get("kind") for record in pages}
    known = pages_at({address for own in addresses for address in (own, parent_address(own))})
    kinds = {**{address: page.kind for address, page in known.items()}, **kinds}
    for record, address in zip(pages, addresses, strict=True):
        if not is_address(address):
            yield f"{record}：アドレス「{address}」の形が正しくありません。「/…/」の形にしてください。"
            continue
        if counts[address] > 1:
            yield f"{record}：アドレス「{address}」が重複しています。1件だけにしてください。"
        yield from kind_faults(record, address, kinds)
        yield from place_faults(record, address, kinds)
        stored = known.get(address)
        if stored is not None and stored.kind != record.fields.get("kind"):
            yield (
                f"{record}：いまのページの種類は「{stored.kind}」です。"
                "種類は変えられないので、fixture を直してください。"
            )
        if stored is not None and record.pk not in (None, stored.pk):
            yield (
                f"{record}：このアドレスのページは、すでに別の番号（pk={stored.pk}）であります。"
                "dumpdata --natural-primary --natural-foreign で作り直してください。"
            )
    yield from number_faults(pages)


def kind_faults(record: Record, address: str, kinds: dict[str, Any]) -> Iterator[str]:
    kind, parent = record.fields.get("kind"), kinds.get(parent_address(address))
    if kind not in Kind.values:
        words = "・".join(Kind.values)
        yield f"{record}：種類「{kind}」はありません。{words} のどれかにしてください。"
    elif parent in Kind.values and kind not in KINDS_UNDER[Kind(parent)]:
        yield f"{record}：種類「{kind}」は「{parent}」の下に置けません。"


def place_faults(record: Record, address: str, kinds: dict[str, Any]) -> Iterator[str]:
    slug, above = record.fields.get("slug", ""), parent_address(address)
    if address == "/":
        if slug:
            yield f"{record}：最上位のページの slug は空にしてください。"
        return
    if above not in kinds:
        yield f"{record}：親のページ「{above}」がありません。先に親を読み込んでください。"
    if address != address_under(above, slug):
        yield f"{record}：アドレス「{address}」が、親「{above}」と slug「{slug}」に合いません。"
    try:
        check_slug(slug)
    except ValidationError as error:
        yield f"{record}：{error.messages[0]}"


def number_faults(pages: list[Record]) -> Iterator[str]:
    """A record's pk must not be another page's: loading would overwrite that one."""
    numbered = {record.pk: record for record in pages if record.pk is not None}
    for stored in Page.objects.filter(pk__in=list(numbered)):
        record = numbered[stored.pk]
        if stored.url_path != record.fields.get("url_path"):
            yield (
                f"{record}：pk={stored.pk} は、すでに「{stored.url_path}」の番号です。"
                "dumpdata --natural-primary --natural-foreign で作り直してください。"
            )


def tree_column_faults(pages: list[Record]) -> Iterator[str]:
    """The tree's columns may be left out, and are then derived; what is given must be true."""
    claimed = {str(record.fields.get("url_path")): record for record in pages}
    paths = {address: record.fields.get("path") for address, record in claimed.items()}
    uses = Counter(path for path in paths.values() if path is not None)
    children = Counter(parent_address(address) for address in claimed)
    elsewhere = children_stored(claimed)
    for address, record in claimed.items():
        path, levels = paths[address], len(address_chain(address))
        remedy = "dumpdata で作り直すか、path・depth・numchild の欄を消してください。"
        depth, numchild = record.fields.get("depth"), record.fields.get("numchild")
        if path is not None and (not isinstance(path, str) or not PATH.fullmatch(path)):
            yield f"{record}：木の列 path「{path}」の形が壊れています。{remedy}"
        elif path is not None and (len(path) != levels * Page.steplen or uses[path] > 1):
            yield f"{record}：木の列 path「{path}」が、アドレスの階層と合わないか重複しています。{remedy}"
        elif path is not None and paths.get(parent_address(address)) not in (
            None,
            path[: -Page.steplen],
        ):
            yield f"{record}：木の列 path「{path}」が、親の path の下にありません。{remedy}"
        if depth is not None and depth != levels:
            yield f"{record}：木の列 depth「{depth}」が、アドレスの階層（{levels}）と合いません。{remedy}"
        least, most = children[address], children[address] + elsewhere.get(address, 0)
        if numchild is not None and not (isinstance(numchild, int) and least <= numchild <= most):
            yield f"{record}：木の列 numchild「{numchild}」が、子の数（{least}）と合いません。{remedy}"


def children_stored(claimed: dict[str, Record]) -> dict[str, int]:
    """How many children each page has in the database that the fixture does not hold."""
    stored = pages_at(claimed)
    counts = {address: page.numchild for address, page in stored.items()}
    for address in stored:
        above = parent_address(address)
        if above in counts:
            counts[above] -= 1
    return counts


def body_faults(records: list[Record]) -> Iterator[str]:
    for record in records:
        body = record.fields.get("body")
        if record.model != "bureaus.edition" or not isinstance(body, str):
            continue
        if len(body.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
            yield f"{record}：本文が{SIZE_LIMIT:,}バイトを超えています。分けてください。"
            continue
        found = forbidden(body)
        if found:
            yield (
                f"{record}：本文に使えないもの（{'、'.join(found[:5])}）があります。"
                "取り除いてください。"
            )
