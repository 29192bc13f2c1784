"""The page that lists what programs can read, and the same for language models (llms.txt)."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from bureaus.reading.moments import Moment
from bureaus.reading.navigation import DATA, site_frame
from bureaus.reading.view_models import Missing, PageLink, SiteFrame

DATA_URL = "/data/"


class DataSource(NamedTuple):
    """`url` at the requested moment, where the answer has one."""

    name: str
    url: str
    sentence: str


FEEDS = (
    DataSource("新着情報（Atom）", "/feed.xml", "新しい20件を、配信リーダーで受け取れます。"),
    DataSource(
        "意見募集・公募・会議の予定（iCalendar）",
        "/events.ics",
        "カレンダーに登録すると、始まりと終わりが入ります。",
    ),
)
TABLES = (
    DataSource("新着情報の表（CSV）", "/news.csv", "発表日、題名、組織などの一覧です。"),
    DataSource("組織の表（CSV）", "/organisations.csv", "局や課の名前と、上の組織の一覧です。"),
    DataSource("新着情報（JSON）", "/news.json", "年と区分で絞り込めます。"),
    DataSource(
        "意見募集・公募・会議（JSON）", "/events.json", "期間と、募集中かどうかが分かります。"
    ),
    DataSource(
        "サイトマップ（XML）", "/sitemap.xml", "いま公開しているすべてのページのアドレスです。"
    ),
)
PAGES = (
    DataSource("ページ（JSON）", "/index.json", "アドレスの最後の「/」を「.json」に替えます。"),
    DataSource("ページ（Markdown）", "/index.md", "アドレスの最後の「/」を「.md」に替えます。"),
    DataSource(
        "JSONの仕様（OpenAPI 3.1）", "/openapi.json", "項目の名前と形を、プログラムで読めます。"
    ),
    DataSource(
        "言語モデルのための案内", "/llms.txt", "このサイトの読み方を、短い文章で書いています。"
    ),
)
WITHOUT_MOMENT = frozenset({"/sitemap.xml", "/openapi.json", "/llms.txt"})


@dataclass(frozen=True, slots=True)
class DataPage:
    """`feeds` tell of what is new, `tables` hold all of a kind, `pages` describe single pages."""

    url: str
    title: str
    document_title: str
    breadcrumbs: tuple[PageLink, ...]
    feeds: tuple[DataSource, ...]
    tables: tuple[DataSource, ...]
    pages: tuple[DataSource, ...]
    site_frame: SiteFrame
    template_name: ClassVar = "bureaus/data.html"


def data_page(moment: Moment) -> DataPage | Missing:
    """Return the page at a moment; 1 query. Missing where nothing was public yet."""
    frame = site_frame(moment, DATA_URL)
    if frame.precedes_records:
        return Missing((), exists_today=False, site_frame=frame)
    return DataPage(
        url=DATA_URL,
        title=DATA,
        document_title=f"{DATA}｜{frame.home.title}",
        breadcrumbs=(PageLink(f"{frame.home.title}トップ", moment.address("/")),),
        feeds=sources(FEEDS, moment),
        tables=sources(TABLES, moment),
        pages=sources(PAGES, moment),
        site_frame=frame,
    )


def sources(named: tuple[DataSource, ...], moment: Moment) -> tuple[DataSource, ...]:
    return tuple(
        each if each.url in WITHOUT_MOMENT else each._replace(url=moment.address(each.url))
        for each in named
    )
