"""The editions of a page over time, and what changed from one to another."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.db.models import BigIntegerField, IntegerField

from bureaus.models import Answer, Edition
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.reading.hidden import shown
from bureaus.reading.moments import Moment, at_address, start_text
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.pages import document_title
from bureaus.reading.parts import PageParts, load_parts
from bureaus.reading.resolution import ResolvedPage, resolve
from bureaus.reading.rows import EditionRow, EditionTextRow
from bureaus.reading.statements import AT, Statement
from bureaus.reading.view_models import Gone, Missing, Moved, PageLink, SiteFrame
from bureaus.text.differences import Pair, compare
from bureaus.text.html_tree import text_lines

HISTORY_SUFFIX = "history/"
LISTED = 200  # editions


@dataclass(frozen=True, slots=True)
class PastEdition:
    """`url` shows the page as this edition had it; `live_until` is None of the one in force."""

    number: int
    title: str
    answer: str  # empty for a current page
    change_note: str
    is_minor: bool
    live_from: datetime
    live_until: datetime | None
    url: str


class PairGroup(NamedTuple):
    """Lines in a row that all differ, or that are all the same in both editions."""

    is_changed: bool
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    older: PastEdition
    newer: PastEdition
    pairs: tuple[Pair, ...]

    @property
    def is_same(self) -> bool:
        return not any(pair.is_changed for pair in self.pairs)

    @property
    def groups(self) -> list[PairGroup]:
        grouped = groupby(self.pairs, lambda pair: pair.is_changed)
        return [PairGroup(is_changed, tuple(pairs)) for is_changed, pairs in grouped]


@dataclass(frozen=True, slots=True)
class History:
    """`comparison` of the two requested editions; `message` says why there is none."""

    title: str
    document_title: str
    url: str
    breadcrumbs: tuple[PageLink, ...]
    editions: tuple[PastEdition, ...]
    comparison: Comparison | None
    message: str
    site_frame: SiteFrame


EDITIONS = Compiled(
    EditionRow,
    lambda: (
        Edition.objects.begun(AT)
        .filter(page=Parameter("page", BigIntegerField()))
        .order_by("-live_from")
        .values_list(
            "number",
            shown("title"),
            "answer",
            shown("change_note"),
            "is_minor",
            "live_from",
            "live_until",
        )[:LISTED]
    ),
)


@lru_cache(maxsize=1)
def two_texts() -> Compiled[EditionTextRow]:
    def build() -> Statement:
        numbers = [Parameter("older", IntegerField()), Parameter("newer", IntegerField())]
        page = Parameter("page", BigIntegerField())
        editions = Edition.objects.filter(page=page, number__in=numbers).begun(AT)
        rows: Statement = editions.order_by("number").values_list(
            "pk", "number", *map(shown, ("title", "title_english", "lead", "body", "note"))
        )
        return rows

    return Compiled(EditionTextRow, build)


def page_history(
    path: str, moment: Moment, *, older: str = "", newer: str = ""
) -> History | Moved | Gone | Missing:
    """
    Return the editions that had begun by `moment`, newest first, and a comparison of two of them.

    3 queries, 7 with a comparison.
    """
    resolved = resolve(path, moment, suffix=HISTORY_SUFFIX)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    page = resolved.page
    rows = EDITIONS(at=moment.at, page=page.page)
    editions = {row.number: past_edition(row, page.url_path) for row in rows}
    numbers, message = compared_numbers(older, newer, editions)
    address = page.url_path + HISTORY_SUFFIX
    title = f"{page.title}の更新履歴"
    return History(
        title=title,
        document_title=document_title(resolved.rows, "更新履歴"),
        url=address,
        breadcrumbs=breadcrumbs_of(resolved.rows, moment),
        editions=tuple(editions.values()),
        comparison=comparison_of(page.page, numbers, editions, moment) if numbers else None,
        message=message,
        site_frame=site_frame(moment, address),
    )


def past_edition(row: EditionRow, address: str) -> PastEdition:
    is_current = row.answer == Answer.CURRENT
    return PastEdition(
        number=row.number,
        title=row.title,
        answer="" if is_current else str(Answer(row.answer).label),
        change_note=row.change_note,
        is_minor=row.is_minor,
        live_from=row.live_from,
        live_until=row.live_until,
        url=at_address(address, start_text(row.live_from)),
    )


def compared_numbers(
    older: str, newer: str, editions: dict[int, PastEdition]
) -> tuple[tuple[int, int] | None, str]:
    """Return the numbers of the two editions, the older one first, or why there are none."""
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
    """Compare two editions. 4 queries."""
    older, newer = numbers
    rows = two_texts()(at=moment.at, page=page, older=older, newer=newer)
    keys = [row.pk for row in rows]
    parts = load_parts(editions=keys, contacts=keys, moment=moment)
    texts = {row.number: edition_lines(row, parts) for row in rows}
    pairs = compare(texts[older], texts[newer])
    return Comparison(editions[older], editions[newer], tuple(pairs))


def edition_lines(row: EditionTextRow, parts: PageParts) -> list[str]:
    """Return all text of an edition in lines, for a comparison of what is read, not of markup."""
    lines = [row.title, row.english, *row.lead.splitlines(), *text_lines(row.body)]
    lines += [f"図：{part.alt}　{part.caption}" for part in parts.figures.get(row.pk, ())]
    lines += [f"リンク：{part.text}　{part.url}" for part in parts.links.get(row.pk, ())]
    lines += [
        "連絡先：" + "　".join(filter(None, (part.name, part.phone, part.fax, part.email)))
        for part in parts.contacts.get(row.pk, ())
    ]
    return [line for line in (*lines, *row.note.splitlines()) if line.strip()]
