"""Why news cannot be public before its own date: no list would contain it until then."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from bureaus.models import Answer, Edition, Kind
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.text.formatting import TOKYO, japanese_date
from bureaus.text.rich_text import strip_invisible


def date_after(edition: Edition, moment: datetime) -> date | None:
    """Return the date of a news item if it is later than the day of `moment` in Tokyo."""
    is_listed = edition.page.kind == Kind.NEWS_ITEM and edition.answer == Answer.CURRENT
    day = edition.issued_on if is_listed else None
    return day if day is not None and day > timezone.localdate(moment, TOKYO) else None


def early_start_blockers(edition: Edition, start: datetime) -> Iterator[Blocker]:
    day = date_after(edition, start)
    if day is not None:
        yield Blocker(
            BlockerCode.ISSUED_LATER,
            f"発表日の{japanese_date(day)}が、公開開始の日より後です。その日までは、公開しても"
            f"新着情報の一覧に出ません。{japanese_date(day)}以降の公開を予約するか、差し戻して"
            "発表日を変えてもらってください。",
        )


def early_submission_blockers(edition: Edition, note: str) -> Iterator[Blocker]:
    """Yield a blocker for a future date without a note about the booking that it needs."""
    day = date_after(edition, timezone.now())
    if day is not None and not strip_invisible(note).strip():
        yield Blocker(
            BlockerCode.ISSUED_LATER,
            f"発表日の{japanese_date(day)}がまだ来ていません。その日までは、公開しても新着情報の"
            "一覧に出ません。発表日を変えるか、編集の画面の「承認者への伝言」に"
            f"「{japanese_date(day)}からの公開を予約してください」のように書いてください。",
        )
