"""News and organisations as CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from bureaus.reading import EventView, NewsRecord, OrganisationRecord
from bureaus.text.formatting import TOKYO
from bureaus.text.periods import iso_period

CONTENT_TYPE = "text/csv; charset=utf-8"
EVENT_HEADINGS = ("期間の開始", "期間の終了", "状態", "場所")
NEWS_HEADINGS = ("発表日", "表題", "区分", "組織", "アドレス", "要旨", "更新日", *EVENT_HEADINGS)
ORGANISATION_HEADINGS = ("名称", "よみ", "英語名", "区分", "上位の組織", "アドレス", "更新日")
# A cell that begins with one of these is a formula in Excel.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def news_csv(records: Iterable[NewsRecord], origin: str) -> str:
    return csv_text(
        NEWS_HEADINGS,
        (
            (
                record.issued_on.isoformat(),
                record.title,
                record.category,
                record.organisation,
                f"{origin}{record.url}",
                record.lead,
                day_in_tokyo(record.updated),
                *event_cells(record.event),
            )
            for record in records
        ),
    )


def event_cells(event: EventView | None) -> tuple[str, ...]:
    """Write a period of whole days with its first and last day, another with its moments."""
    if event is None:
        return ("",) * len(EVENT_HEADINGS)
    start, end = iso_period(event.start, event.end)
    return (start, end, event.label, event.place)


def organisations_csv(records: Iterable[OrganisationRecord], origin: str) -> str:
    return csv_text(
        ORGANISATION_HEADINGS,
        (
            (
                record.title,
                record.reading,
                record.english,
                record.category,
                record.parent,
                f"{origin}{record.url}",
                day_in_tokyo(record.updated),
            )
            for record in records
        ),
    )


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With a byte order mark, by which Excel in Japan recognises UTF-8, and with CRLF."""
    text = io.StringIO("\ufeff", newline="")
    text.seek(1)
    csv.writer(text).writerows([headings, *map(one_line, without_formulas(rows))])
    return text.getvalue()


def without_formulas(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Put an apostrophe before what Excel would read as a formula."""
    for row in rows:
        yield [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row]


def one_line(row: Iterable[str]) -> list[str]:
    """Write line breaks as spaces: a record is one line (rule 1-14, docs/adr/0043)."""
    return [" ".join(cell.splitlines()) for cell in row]


def day_in_tokyo(moment: datetime) -> str:
    return timezone.localtime(moment, TOKYO).date().isoformat()
