"""What a page has said: its editions, and what changed from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, IntegerField

from bureaus.models import Answer, Edition
from bureaus.reading.ancestors import find_ancestors
from bureaus.reading.compiled_sql import Compiled, Parameter
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.pages import document_title, instead_of_page
from bureaus.reading.parts import Parts, parts_of
from bureaus.reading.request_paths import canonical_address, known_beginning
from bureaus.reading.statements import AT, Statement
from bureaus.reading.view_models import Gone, Missing, Moved, PageLink, SiteFrame
from bureaus.text.differences import Pair, compare
from bureaus.text.formatting import TOKYO
from bureaus.text.html_tree import text_lines

ENDING = "history/"
SHOWN = 200  # editions


@dataclass(frozen=True, slots=True)
class PastEdition:
    """`url` shows the page as this edition had it; `live_until` is None of the one in force."""

    number: int
    title: str
    answer: str  # empty where the page simply said something
    change_note: str
    is_minor: bool
    live_from: datetime
    live_until: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Comparison:
    older: PastEdition
    newer: PastEdition
    pairs: tuple[Pair, ...]

    @property
    def is_same(self) -> bool:
        return not any(pair.is_changed for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class History:
    """`comparison` of the two that were asked for; `sentence` says why there is none."""

    title: str
    document_title: str
    url: str
    crumbs: tuple[PageLink, ...]
    editions: tuple[PastEdition, ...]
    comparison: Comparison | None
    sentence: str
    chrome: SiteFrame


class Row(NamedTuple):
    pk: int
    number: int
    title: str
    answer: str
    change_note: str
    is_minor: bool
    live_from: datetime
    live_until: datetime | None


EDITIONS = Compiled(
    lambda: (
        Edition.objects.begun(AT)
        .filter(page=Parameter("page", BigIntegerField()))
        .order_by("-live_from")
        .values_list(*Row._fields)[:SHOWN]
    )
)


@lru_cache(maxsize=1)
def two_texts() -> Compiled:
    def build() -> Statement:
        numbers = [Parameter("older", IntegerField()), Parameter("newer", IntegerField())]
        page = Parameter("page", BigIntegerField())
        editions = Edition.objects.filter(page=page, number__in=numbers).begun(AT)
        rows: Statement = editions.order_by("number").values_list(
            "pk", "number", "title", "title_english", "lead", "body", "note"
        )
        return rows

    return Compiled(build)


def history_of(
    path: str, moment: Moment, *, older: str = "", newer: str = ""
) -> History | Moved | Gone | Missing:
    """
    The editions that had begun by `moment`, newest first, and a comparison if two are asked for.

    3 queries, 7 with a comparison.
    """
    address = canonical_address(path)
    page_address = address.removesuffix(ENDING)
    found = find_ancestors(page_address or known_beginning(path), moment)
    instead = instead_of_page(page_address, found, moment)
    if isinstance(instead, Moved):
        return Moved(instead.url_path + ENDING)
    if instead is not None:
        return instead
    if path != address:
        return Moved(address)
    page = found[-1]
    rows = [Row(*row) for row in EDITIONS(at=moment.at, page=page.page)]
    editions = {row.number: past_edition(row, page.url_path) for row in rows}
    asked, sentence = asked_for(older, newer, editions)
    title = f"{page.title}の更新履歴"
    return History(
        title=title,
        document_title=document_title(found, "更新履歴"),
        url=address,
        crumbs=breadcrumbs_of(found, moment),
        editions=tuple(editions.values()),
        comparison=comparison_of(page.page, asked, editions, moment) if asked else None,
        sentence=sentence,
        chrome=site_frame(moment, address),
    )


def past_edition(row: Row, address: str) -> PastEdition:
    is_plain = row.answer == Answer.CURRENT
    return PastEdition(
        number=row.number,
        title=row.title,
        answer="" if is_plain else str(Answer(row.answer).label),
        change_note=row.change_note,
        is_minor=row.is_minor,
        live_from=row.live_from,
        live_until=row.live_until,
        url=f"{address}?at={moment_in(row.live_from)}",
    )


def moment_in(start: datetime) -> str:
    """The first whole second of an edition, as `?at=` takes it."""
    second = start.astimezone(UTC).replace(microsecond=0)
    if second < start:
        second += timedelta(seconds=1)
    return second.astimezone(TOKYO).strftime("%Y-%m-%dT%H:%M:%S")


def asked_for(
    older: str, newer: str, editions: dict[int, PastEdition]
) -> tuple[tuple[int, int] | None, str]:
    """The numbers of the two editions, the older one first; or a sentence that says why not."""
    if not older and not newer:
        return None, ""
    by_text = {str(number): number for number in editions}
    numbers = [by_text.get(text, 0) for text in (older, newer)]
    if not all(numbers):
        return None, "比べる2つの版を、下の一覧から選び直してください。"
    if numbers[0] == numbers[1]:
        return None, "同じ版が選ばれています。別の版を選んでください。"
    first, second = sorted(numbers, key=lambda number: editions[number].live_from)
    return (first, second), ""


def comparison_of(
    page: int, numbers: tuple[int, int], editions: dict[int, PastEdition], moment: Moment
) -> Comparison:
    """4 queries."""
    older, newer = numbers
    rows = two_texts()(at=moment.at, page=page, older=older, newer=newer)
    keys = [row[0] for row in rows]
    parts = parts_of(shown=keys, contacts=keys, moment=moment)
    texts = {row[1]: lines_in(row, parts) for row in rows}
    pairs = compare(texts[older], texts[newer])
    return Comparison(editions[older], editions[newer], tuple(pairs))


def lines_in(row: Sequence[Any], parts: Parts) -> list[str]:
    """Everything that an edition says, a line each: what is shown is compared, not its markup."""
    pk, _, title, english, lead, body, note = row
    lines = [title, english, *lead.splitlines(), *text_lines(body)]
    lines += [f"図：{part.alt}　{part.caption}" for part in parts.figures.get(pk, ())]
    lines += [f"リンク：{part.text}　{part.url}" for part in parts.links.get(pk, ())]
    lines += [
        "連絡先：" + "　".join(filter(None, (part.name, part.phone, part.fax, part.email)))
        for part in parts.contacts.get(pk, ())
    ]
    return [line for line in (*lines, *note.splitlines()) if line.strip()]
