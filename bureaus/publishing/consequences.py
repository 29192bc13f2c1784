"""What an approval changes: what becomes public where, and which other pages change with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Length, Substr
from django.utils import timezone

from bureaus.models import READABLE_ANSWERS, Answer, Edition, Kind, Link, Placement
from bureaus.models.addresses import parent_address
from bureaus.models.events import course_of, event_of
from bureaus.models.placements import STEP
from bureaus.models.visibility import begun, not_ended
from bureaus.publishing.draft_comments import with_open_comments
from bureaus.text.formatting import TOKYO, japanese_date

IN_NAVIGATION = 2  # the depth of the pages that every page names in its navigation
# What the page above shows of a page of each kind.
ABOVE = {
    Kind.POLICY_SECTION: "このページの内容を、そのまま載せています。",
    Kind.NEWS_ITEM: "新着情報に、表題と発表日を載せます。",
    Kind.ORGANISATION: "組織の一覧に、表題を載せています。",
    Kind.PAGE: "下のページの一覧に、表題を載せています。",
}


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page or list that changes with an edition; `address` is empty where there is none."""

    title: str
    address: str
    change: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """`listing`: of news, in which lists it appears, and where; `event`: how its period shows."""

    edition: Edition
    address: str
    change: str
    listing: str
    event: str
    others: tuple[OtherPage, ...]


def with_surroundings(editions: Any) -> Any:
    """
    Annotate placed `editions` with what `consequences` reads of today. No further query.

    With their open comments, which the same screens name.
    """
    now = timezone.now()
    path = Substr(OuterRef("placement__path"), 1, Length(OuterRef("placement__path")) - STEP)
    in_force = Edition.objects.in_force(now).order_by()
    above = Placement.objects.in_force(now).filter(path=path).order_by()
    linking = Link.objects.filter(
        begun(now, "edition__"),
        not_ended(now, "edition__"),
        page=OuterRef("page"),
        edition__answer__in=READABLE_ANSWERS,
    ).order_by()
    counted = linking.values("page").annotate(count=Count("edition__page", distinct=True))
    parents = in_force.filter(page__placements__path=path)
    return with_open_comments(editions).annotate(
        above_address=Subquery(above.values("url_path")[:1]),
        above_title=Subquery(parents.values("title")[:1]),
        replaced=Subquery(in_force.filter(page=OuterRef("page")).values("number")[:1]),
        linking_title=Subquery(linking.values("edition__title")[:1]),
        linking_count=Subquery(counted.values("count")[:1]),
    )


def consequences(edition: Any, at: datetime | None = None) -> Consequences:
    """Return what an edition, annotated by `with_surroundings`, changes from `at`, or from now."""
    start = at or timezone.now()
    event = event_of(edition, edition.category)
    return Consequences(
        edition,
        edition.page.url_path,
        change_of(edition),
        listing_of(edition, start),
        course_of(event, start) if event and edition.answer == Answer.CURRENT else "",
        tuple(others_of(edition)),
    )


def change_of(edition: Any) -> str:
    before = f"いまの第{edition.replaced}版に替わって、" if edition.replaced else ""
    match edition.answer:
        case Answer.MOVED:
            target = edition.moved_to.url_path if edition.moved_to else ""
            return f"{before}このアドレスと前のアドレスから、「{target}」へ転送します。"
        case Answer.GONE:
            return f"{before}お知らせだけを残し、一覧と検索から消えます（410）。"
        case Answer.ARCHIVED:
            return f"{before}掲載終了（保存版）のお知らせを付けて残し、一覧から消えます。"
    if not edition.replaced:
        return "はじめて公開します。検索とサイトマップにも載ります。"
    return f"{before}公開します。第{edition.replaced}版は、過去の版として残ります。"


def listing_of(edition: Edition, start: datetime) -> str:
    """Say in which lists a news item appears, and where; empty for other pages."""
    if edition.page.kind != Kind.NEWS_ITEM or edition.answer != Answer.CURRENT:
        return ""
    today = timezone.localdate(start, TOKYO)
    day = edition.issued_on
    above = parent_address(edition.page.url_path)
    lists = f"上の組織の新着情報（{above}news/）と、サイト全体の新着情報（/news/）に"
    if day is None:
        return f"{lists}出ます。発表日は空なので、公開が始まる日（日本時間）が発表日になります。"
    if day > today:
        return (
            f"発表日の{japanese_date(day)}まで、どの一覧にも出ません。"
            f"公開の予約は、{japanese_date(day)}の0時以降にしてください。"
        )
    if day < today:
        return (
            f"{lists}、{japanese_date(day)}の新着情報として出ます。公開する日より前の日付なので、"
            "一覧の先頭ではなく、その日付の位置に入ります。"
        )
    return f"{lists}、{japanese_date(day)}の新着情報として、先頭に出ます。"


def others_of(edition: Any) -> Iterator[OtherPage]:
    title = edition.above_title or "上のページ"
    if edition.above_address:
        change = ABOVE[Kind(edition.page.kind)]
        if edition.answer != Answer.CURRENT:
            change = "このページの表題が、一覧から消えます。"
        yield OtherPage(title, edition.above_address, change)
    if edition.page.kind == Kind.NEWS_ITEM:
        yield OtherPage("サイト全体の新着情報", "/news/", "一覧とRSSが変わります。")
    if edition.page.kind == Kind.POLICY_SECTION:
        yield OtherPage("同じ組織のほかの政策", "", "前後のページの案内が変わります。")
    if edition.page.depth == IN_NAVIGATION:
        yield OtherPage("サイトのすべてのページ", "", "上の案内に、表題を載せています。")
    if edition.linking_count:
        more = f"など{edition.linking_count}ページ" if edition.linking_count > 1 else ""
        change = "リンクの欄から、このページへリンクしています。"
        yield OtherPage(f"{edition.linking_title}{more}", "", change)
