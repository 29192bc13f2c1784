"""Validators of editions before they are stored: their bodies and their intervals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.dateparse import parse_datetime

from bureaus.loading.fixture_records import Record
from bureaus.loading.page_names import short_names, stored_pages
from bureaus.models import Edition, State
from bureaus.models.batches import batches
from bureaus.models.intervals import interval_ends
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import BodyTooHeavy, clean_body, forbidden, refuse_heavy


def body_faults(records: list[Record]) -> Iterator[str]:
    for record in records:
        body = record.fields.get("body")
        if record.model != "bureaus.edition" or not body:
            continue
        try:
            refuse_heavy(body)
            if found := forbidden(body):
                named = "、".join(found[:5])
                yield f"{record}：本文に使えないもの（{named}）があります。{remedy(body)}"
        except BodyTooHeavy as error:
            yield f"{record}：{error}"


def remedy(body: str) -> str:
    """Return the remedy for a body with forbidden markup, which may come from a word processor."""
    remains = clean_body(body).remains
    if not remains:
        return "取り除いてください。"
    return (
        f"公開する文章ではないもの（{remains}）も含んでいます。"
        "取り除くか、管理画面の編集画面に貼り付けて作り直してください。"
    )


@dataclass
class Timeline:
    """The approved editions of one page: the fixture's records, and the starts of stored ones."""

    records: dict[datetime, Record] = field(default_factory=dict)
    stored: set[datetime] = field(default_factory=set)


def interval_faults(records: list[Record]) -> Iterator[str]:
    """
    Compare each given `live_until` with the start of the next edition.

    The next edition may be in the fixture, or on the site: an older fixture lacks an edition
    approved since. A `live_until` that is left out is derived. 1 query for a few hundred pages.
    """
    for timeline in timelines(records).values():
        in_fixture = ends_by_start(set(timeline.records))
        on_site = ends_by_start(timeline.stored | timeline.records.keys())
        for start, record in timeline.records.items():
            if "live_until" not in record.fields:
                continue
            end = moment(record.fields["live_until"])
            if end not in (in_fixture[start], on_site[start]):
                following = in_fixture[start]
                expected = japanese_moment(following) if following else "なし"
                yield (
                    f"{record}：公開終了「{record.fields['live_until']}」が、次の版の公開開始"
                    f"（{expected}）と合いません（期間の重なりか空き）。"
                    "live_until の欄を消すか、dumpdata で作り直してください。"
                )


def timelines(records: list[Record]) -> Mapping[object, Timeline]:
    """Return the timelines by page: by its name, or by the number that the fixture gives."""
    found: dict[object, Timeline] = defaultdict(Timeline)
    for record in records:
        start = moment(record.fields.get("live_from"))
        is_approved = record.fields.get("state") == State.APPROVED
        if record.model == "bureaus.edition" and is_approved and start:
            found[page_of(record)].records[start] = record
    names = [page for page in found if isinstance(page, str)]
    pages = stored_pages(names, short_names(records))
    numbers = {page.pk: name for name, page in pages.items()}
    for batch in batches([*numbers, *(page for page in found if isinstance(page, int))]):
        rows = Edition.objects.with_start().filter(page__in=batch)
        for number, start in rows.values_list("page", "live_from"):
            if start:
                found[numbers.get(number, number)].stored.add(as_dumped(start))
    return found


def page_of(record: Record) -> str | int:
    page: str | int | list[str | int] = record.fields["page"]
    return page[0] if isinstance(page, list) else page


def ends_by_start(starts: set[datetime]) -> dict[datetime, datetime | None]:
    ordered = sorted(starts)
    return dict(zip(ordered, interval_ends(ordered), strict=True))


def moment(value: str | None) -> datetime | None:
    parsed = parse_datetime(value) if value else None
    return as_dumped(parsed) if parsed else None


def as_dumped(value: datetime) -> datetime:
    """Return a moment with the precision of dumpdata: milliseconds."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
