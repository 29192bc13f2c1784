"""Validators of pages in the tree: addresses, kinds, keys and the columns of the tree."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError

from bureaus.loading.fixture_records import Record
from bureaus.models import KINDS_UNDER, FormerAddress, Kind, Page
from bureaus.models.addresses import (
    DEPTH_LIMIT,
    address_chain,
    address_under,
    is_address,
    parent_address,
    validate_slug,
)
from bureaus.models.batches import batches
from bureaus.models.pages import pages_at

PATH = re.compile(r"(?:[0-9A-Z]{4})+")
DUMP_AGAIN = "dumpdata --natural-primary --natural-foreign で作り直してください。"
MALFORMED = "アドレスの形が正しくありません。「/…/」の形にしてください。"
DROP_COLUMNS = "dumpdata で作り直すか、path・depth・numchild の欄を消してください。"


def tree_faults(records: list[Record]) -> Iterator[str]:
    """Yield the faults of pages and former addresses. 5 queries for a few hundred."""
    pages = [record for record in records if record.model == "bureaus.page"]
    claimed = {record.fields["url_path"]: record for record in pages}
    stored = pages_at({*claimed, *map(parent_address, claimed)})
    kinds = {
        **{address: page.kind for address, page in stored.items()},
        **{address: kind_of(record) for address, record in claimed.items()},
    }
    for record in pages:
        address = record.fields["url_path"]
        if not is_address(address):
            yield f"{record}：{MALFORMED}"
            continue
        yield from parent_faults(record, address, kinds)
        if address in stored:
            yield from identity_faults(record, stored[address])
    yield from taken_key_faults(pages)
    yield from tree_column_faults(claimed, stored)
    yield from former_faults(records, claimed, stored)


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
        validate_slug(slug)
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


def taken_key_faults(pages: list[Record]) -> Iterator[str]:
    """Refuse a record with the key of another page, which it would overwrite."""
    numbered = {record.pk: record for record in pages if record.pk is not None}
    for stored in chain.from_iterable(
        Page.objects.filter(pk__in=batch) for batch in batches(numbered)
    ):
        record = numbered[stored.pk]
        if stored.url_path != record.fields["url_path"]:
            yield (
                f"{record}：pk={stored.pk} は、すでに「{stored.url_path}」の番号です。{DUMP_AGAIN}"
            )


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
    if len(path) != len(address_chain(address)) * Page.steplen:
        return "アドレスの階層と合いません"
    if paths.get(parent_address(address)) not in (None, path[: -Page.steplen]):
        return "親の path の下にありません"
    return ""


def children_elsewhere(claimed: Mapping[str, Record], stored: Mapping[str, Page]) -> Counter[str]:
    """Return for each stored page the number of its children outside the fixture."""
    counts = Counter({address: page.numchild for address, page in stored.items()})
    counts.subtract(parent_address(address) for address in claimed if address in stored)
    return counts


def former_faults(
    records: list[Record], claimed: Mapping[str, Record], stored: Mapping[str, Page]
) -> Iterator[str]:
    """Refuse an address of both a page and a redirect, in the fixture or on the site."""
    new = [address for address in claimed if address not in stored]
    redirects = FormerAddress.objects.select_related("page")
    for former in chain.from_iterable(
        redirects.filter(url_path__in=batch) for batch in batches(sorted(new))
    ):
        yield (
            f"{claimed[former.url_path]}：「{former.url_path}」は、「{former.page.url_path}」へ"
            "移ったページの旧アドレスです。fixture のアドレスを今のものに直すか、"
            "このレコードと、その下のページのレコードを消してください。"
        )
    formers = [record for record in records if record.model == "bureaus.formeraddress"]
    taken = pages_at(record.fields["url_path"] for record in formers).keys() | claimed.keys()
    for record in formers:
        address = record.fields["url_path"]
        if not is_address(address):
            yield f"{record}：{MALFORMED}"
        elif address in taken:
            yield (
                f"{record}：「{address}」はページのアドレスなので、旧アドレスにはできません。"
                "どちらかを消してください。"
            )
