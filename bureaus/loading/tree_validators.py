"""Validators of pages in the short form: addresses, kinds, keys and the columns of the tree."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from bureaus.loading.fixture_records import Record
from bureaus.models import KINDS_UNDER, FormerAddress, Kind, Page, Placement
from bureaus.models.addresses import (
    DEPTH_LIMIT,
    address_chain,
    address_under,
    is_address,
    is_former_path,
    parent_address,
    validate_stored_slug,
)
from bureaus.models.batches import batches
from bureaus.models.placements import STEP, current_placements, pages_at, placed_pages

PATH = re.compile(r"(?:[0-9A-Z]{4})+")
DUMP_AGAIN = "dumpdata --natural-primary --natural-foreign で作り直してください。"
MALFORMED = "アドレスの形が正しくありません。「/…/」の形にしてください。"
NOT_FORMER = "旧アドレスの形が正しくありません。「?」より前の、「/」で始まる形にしてください。"
DROP_COLUMNS = "dumpdata で作り直すか、path・depth・numchild の欄を消してください。"


def tree_faults(records: list[Record]) -> Iterator[str]:
    """Yield the faults of short pages and of former addresses. 7 queries for a few hundred."""
    pages = short_pages(records)
    claimed = {record.fields["url_path"]: record for record in pages}
    stored = pages_at({*claimed, *map(parent_address, claimed)})
    kinds = {
        **{address: page.kind for address, page in stored.items()},
        **kinds_in_fixture(records),
    }
    for record in pages:
        address = record.fields["url_path"]
        if not is_address(address):
            yield f"{record}：{MALFORMED}"
            continue
        yield from parent_faults(record, address, kinds)
        if address in stored:
            yield from identity_faults(record, stored[address])
    yield from taken_key_faults(records)
    yield from tree_column_faults(claimed, stored)
    yield from left_address_faults(
        {address: record for address, record in claimed.items() if address not in stored}
    )
    for record in records:
        is_former = record.model == "bureaus.formeraddress"
        if is_former and not is_former_path(record.fields["url_path"]):
            yield f"{record}：{NOT_FORMER}"


def short_pages(records: Iterable[Record]) -> list[Record]:
    """Return the pages in the short form, each with the fields of its place."""
    short = [record for record in records if record.is_short]
    places = {(record.file, record.number): record for record in short if record.is_implied}
    return [
        replace(record, fields={**record.fields, **places[record.file, record.number].fields})
        for record in short
        if not record.is_implied
    ]


def kinds_in_fixture(records: Iterable[Record]) -> dict[str, str]:
    """Return the kinds of the pages that have an address without end."""
    return {
        record.fields["url_path"]: kind_of(record)
        for record in records
        if record.model == "bureaus.placement" and record.fields.get("live_until") is None
    }


def kind_of(record: Record) -> str:
    return str(record.fields.get("kind", Kind.PAGE))


def parent_faults(record: Record, address: str, kinds: Mapping[str, str]) -> Iterator[str]:
    slug, above = record.fields.get("slug", ""), parent_address(address)
    if address == "/":
        if slug:
            yield f"{record}：最上位のページの slug は空にしてください。"
        return
    if above not in kinds:
        yield f"{record}：親のページ「{above}」がありません。先に親を読み込んでください。"
    elif kind_of(record) not in KINDS_UNDER[Kind(kinds[above])]:
        yield (
            f"{record}：種類「{kind_of(record)}」は「{kinds[above]}」の下に置けません。"
            "kind か親を直してください。"
        )
    if address != address_under(above, slug):
        yield (
            f"{record}：アドレス「{address}」が、親「{above}」と slug「{slug}」に合いません。"
            "url_path か slug を直してください。"
        )
    if len(address_chain(address)) > DEPTH_LIMIT:
        yield f"{record}：階層が{DEPTH_LIMIT}段を超えます。もっと上の階層に置いてください。"
    try:
        validate_stored_slug(slug)
    except ValidationError as error:
        yield f"{record}：{error.messages[0]}"


def identity_faults(record: Record, stored: Page) -> Iterator[str]:
    """Refuse another kind or key for a stored page."""
    if stored.kind != kind_of(record):
        yield (
            f"{record}：いまのページの種類は「{stored.kind}」です。"
            "種類は変えられないので、fixture を直してください。"
        )
    if record.pk not in (None, stored.pk):
        yield (
            f"{record}：このアドレスのページは、すでに別の番号（pk={stored.pk}）であります。"
            f"{DUMP_AGAIN}"
        )


def taken_key_faults(records: list[Record]) -> Iterator[str]:
    """Refuse a record with the number of another page, which it would overwrite."""
    numbered = {
        record.pk: record
        for record in records
        if record.model == "bureaus.page" and record.pk is not None
    }
    for stored in chain.from_iterable(
        Page.objects.filter(pk__in=batch).prefetch_related(current_placements())
        for batch in batches(numbered)
    ):
        record = numbered[stored.pk]
        name = stored.url_path if record.is_short else stored.key
        if name != record.fields["key"]:
            yield f"{record}：pk={stored.pk} は、すでに「{name}」の番号です。{DUMP_AGAIN}"


def tree_column_faults(claimed: Mapping[str, Record], stored: Mapping[str, Page]) -> Iterator[str]:
    """Compare the columns of the tree with the addresses; missing ones are derived."""
    paths = {address: record.fields.get("path") for address, record in claimed.items()}
    uses = Counter(path for path in paths.values() if path is not None)
    children = Counter(map(parent_address, claimed))
    elsewhere = children_elsewhere(claimed, stored)
    for address, record in claimed.items():
        fault = path_fault(address, paths, uses)
        if fault:
            yield f"{record}：木の列 path「{paths[address]}」が{fault}。{DROP_COLUMNS}"
        levels = len(address_chain(address))
        depth, numchild = record.fields.get("depth"), record.fields.get("numchild")
        if depth is not None and depth != levels:
            yield (
                f"{record}：木の列 depth「{depth}」が、アドレスの階層（{levels}）と合いません。"
                f"{DROP_COLUMNS}"
            )
        least = children[address]
        if numchild is not None and not least <= numchild <= least + elsewhere[address]:
            yield (
                f"{record}：木の列 numchild「{numchild}」が、子の数（{least}）と合いません。"
                f"{DROP_COLUMNS}"
            )


def path_fault(address: str, paths: Mapping[str, Any], uses: Mapping[str, int]) -> str:
    path = paths[address]
    if path is None:
        return ""
    if not PATH.fullmatch(path):
        return "壊れています"
    if uses[path] > 1:
        return "重複しています"
    if len(path) != len(address_chain(address)) * STEP:
        return "アドレスの階層と合いません"
    if paths.get(parent_address(address)) not in (None, path[:-STEP]):
        return "親の path の下にありません"
    return ""


def children_elsewhere(claimed: Mapping[str, Record], stored: Mapping[str, Page]) -> Counter[str]:
    """Return for each stored page the number of its children outside the fixture."""
    counts = Counter({address: page.placement.numchild for address, page in stored.items()})
    counts.subtract(parent_address(address) for address in claimed if address in stored)
    return counts


def left_address_faults(new: Mapping[str, Record]) -> Iterator[str]:
    """Refuse a new page at an address from which another one has moved."""
    for address, page in pages_that_left(new).items():
        yield (
            f"{new[address]}：「{address}」は、「{page.url_path}」へ"
            "移ったページの旧アドレスです。fixture のアドレスを今のものに直すか、"
            "このレコードと、その下のページのレコードを消してください。"
        )


def pages_that_left(addresses: Iterable[str]) -> dict[str, Page]:
    """Return the pages that had one of `addresses`, or are named by it. 2 queries a batch."""
    found: dict[str, Page] = {}
    left = Placement.objects.begun(timezone.now()).order_by()
    for batch in batches(sorted(addresses)):
        former = FormerAddress.objects.filter(url_path__in=batch)
        keys = [
            *former.values_list("url_path", "page").union(
                left.filter(url_path__in=batch).values_list("url_path", "page"),
                Page.objects.filter(key__in=batch).values_list("key", "pk"),
            )
        ]
        pages = placed_pages(page for _, page in keys)
        found |= {address: pages[page] for address, page in keys}
    return found
