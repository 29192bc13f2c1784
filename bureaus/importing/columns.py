"""The columns of the table of pages, and the words in them, in Japanese or English."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from bureaus.importing.remarks import Remark, fault
from bureaus.models import CATEGORIES_OF, Category, Kind
from bureaus.models.events import EVENT_CATEGORIES, Event
from bureaus.text.dates import named_days
from bureaus.text.formatting import TOKYO
from bureaus.text.periods import UnreadablePeriod, end_of, start_of
from bureaus.text.rich_text import strip_invisible

Names = Mapping[str, tuple[str, ...]]
# The names of each column. The first is that of docs/operations.md.
NAMES = {
    "address": ("アドレス", "address", "url", "path"),
    "parent": ("親", "親のアドレス", "parent"),
    "title": ("表題", "タイトル", "題名", "title"),
    "date": ("日付", "公開日", "発表日", "date", "published"),
    "kind": ("種類", "kind", "type"),
    "category": ("区分", "category"),
    "lead": ("要旨", "概要", "lead", "summary"),
    "body": ("本文", "body", "content", "html"),
    "start": ("開始", "期間の開始", "start", "event start"),
    "end": ("終了", "期間の終了", "締切", "end", "event end"),
    "place": ("会場", "場所", "place", "venue"),
    "form": ("形式", "本文の形式", "format"),
    "file": ("ファイル", "本文のファイル", "file"),
    "old": ("元のアドレス", "旧アドレス", "old", "old address", "source"),
}
REDIRECT_NAMES = {
    "old": ("旧アドレス", "元のアドレス", "old address", "old", "from"),
    "address": ("ページのアドレス", "アドレス", "page address", "address", "to"),
}
KINDS = {
    Kind.PAGE: ("ページ", "page"),
    Kind.ORGANISATION: ("組織", "organisation", "organization"),
    Kind.POLICY_SECTION: ("政策", "policy", "policy_section"),
    Kind.NEWS_ITEM: ("新着情報", "新着", "お知らせ", "報道資料", "news", "news_item"),
}
# The first and last years that Python knows have moments with no counterpart in UTC or Tokyo.
FIRST_YEAR, LAST_YEAR = 1868, 2999
PLACE_LENGTH = 300  # characters
FORMS = {"html": ("html",), "markdown": ("markdown", "md")}


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def column_of(name: str, names: Names) -> str:
    """Return the column that a heading names; empty for an unknown one."""
    found = (column for column, words in names.items() if folded(name) in map(folded, words))
    return next(found, "")


def kind_named(text: str) -> Kind | Remark:
    """Return the kind that `text` names; a general page where it is empty."""
    words = folded(text)
    if not words:
        return Kind.PAGE
    for kind in Kind:
        if words in {folded(kind.label), *map(folded, KINDS[kind])}:
            return kind
    labels = "・".join(kind.label for kind in Kind)
    return fault(text, "という種類はありません。", f"{labels}のどれかにしてください。")


def category_named(text: str, kind: Kind) -> Category | Remark:
    """Return the category of the kind; its first where `text` is empty."""
    words = folded(text)
    if not words:
        return CATEGORIES_OF[kind][0]
    for category in CATEGORIES_OF[kind]:
        if words in {category.value, folded(category.label)}:
            return category
    labels = "・".join(category.label for category in CATEGORIES_OF[kind])
    return fault(
        text, f"という区分は{kind.label}にありません。", f"{labels}のどれかにしてください。"
    )


def day_named(text: str) -> date | Remark | None:
    """Return the day that `text` names, as people and programs write it; None where it is empty."""
    text = text.strip()
    if not text:
        return None
    days = named_days(text)
    day = moment_named(text) or (days[0] if days is not None and days[0] == days[1] else None)
    if day is None:
        remedy = "「2013-08-01」「平成25年8月1日」のように書いてください。"
        return fault(text, "を日付として読めません。", remedy)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        reason = f"は{FIRST_YEAR}年から{LAST_YEAR}年までの日付ではありません。"
        return fault(text, reason, "正しい年に直してください。")
    return day


def event_named(values: Mapping[str, str], category: Category) -> Event | Remark | None:
    """Return the event of a row; None where its cells are empty."""
    cells = {name: values.get(name, "").strip() for name in ("start", "end", "place")}
    if not any(cells.values()):
        return None
    if category not in EVENT_CATEGORIES:
        labels = "・".join(each.label for each in EVENT_CATEGORIES)
        reason = f"という区分のページには、期間や{NAMES['place'][0]}を入れられません。"
        remedy = f"区分を{labels}のどれかにするか、その列を空けてください。"
        return fault(category.label, reason, remedy)
    if not (cells["start"] and cells["end"]):
        reason = "のほかに、開始と終了の両方が要ります。"
        return fault(cells["start"] or cells["end"], reason, "両方を書いてください。")
    try:
        start, end = start_of(cells["start"]), end_of(cells["end"])
    except UnreadablePeriod as error:
        return fault("", str(error), "")
    event = Event(category, start, end, line_of(cells["place"]))
    return event_fault(event, cells) or event


def event_fault(event: Event, cells: Mapping[str, str]) -> Remark | None:
    if event.end <= event.start:
        reason = f"は、開始「{cells['start']}」より後になっていません。"
        return fault(cells["end"], reason, "どちらかを直してください。")
    if len(event.place) > PLACE_LENGTH:
        reason = f"は{len(event.place)}文字あります。"
        return fault(event.place, reason, f"{PLACE_LENGTH}文字以内にしてください。")
    return None


def line_of(text: str) -> str:
    return " ".join(strip_invisible(text).split())


def moment_named(text: str) -> date | None:
    """Return the day in Tokyo of an ISO 8601 date or moment."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(TOKYO).date() if moment.tzinfo else moment.date()
    except (OverflowError, ValueError):
        return None


def form_named(text: str) -> str | Remark:
    """Return `html` or `markdown`; empty where `text` is."""
    words = folded(text)
    for form, names in FORMS.items():
        if words in names:
            return form
    return (
        ""
        if not words
        else fault(text, "という形式はありません。", "HTMLかMarkdownにしてください。")
    )
