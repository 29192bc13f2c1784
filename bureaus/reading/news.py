"""The news of an organisation, or of the whole site, by year and category, page by page."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from bureaus.models import CATEGORIES_OF, Category, Edition, Kind
from bureaus.reading import statements
from bureaus.reading.moments import Moment
from bureaus.reading.pages import (
    answer_former,
    canonical_address,
    chrome,
    crumbs_of,
    document_title,
    find_chain,
    news_entry,
)
from bureaus.reading.shown import Choice, Missing, Moved, NewsEntry, NewsList

PER_PAGE = 20
LAST_YEAR = date.max.year


@dataclass(frozen=True, slots=True)
class Filter:
    year: int | None = None
    category: Category | None = None
    page: int = 1


class UnreadableFilter(ValueError):
    """What stands in `?year=`, `?category=` or `?page=` names no list."""


def filter_asked(*, year: str, category: str, page: str) -> Filter:
    """Read the three parameters, each empty where it was not given. Raises UnreadableFilter."""
    if category and category not in CATEGORIES_OF[Kind.NEWS_ITEM]:
        raise UnreadableFilter(f"区分「{category[:40]}」の新着情報はありません。")
    return Filter(
        year=number(year, LAST_YEAR) if year else None,
        category=Category(category) if category else None,
        page=number(page, 10**6) if page else 1,
    )


def number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise UnreadableFilter(f"「{text[:40]}」は一覧のページや年として読み取れません。")
    return int(text)


def list_news(address: str, asked: Filter, moment: Moment) -> NewsList | Moved | Missing:
    """
    The news list below `address`, which is that of an organisation (the root: the whole site).

    Missing also where the page number lies behind the last page. 3 to 6 queries.
    """
    canonical = canonical_address(address)
    found = find_chain(canonical, moment)
    here = found[-1] if found and found[-1].url_path == canonical else None
    if here is None:
        former = answer_former(canonical, found, moment)
        return Moved(f"{former.url_path}news/") if isinstance(former, Moved) else former
    everything = editions_of(here.page, moment, whole_site=here.depth == 1)
    chosen = narrow(everything, asked)
    total = chosen.count() if here.kind == Kind.ORGANISATION and here.is_readable else -1
    page_count = max(1, -(-total // PER_PAGE))
    if total < 0 or asked.page > page_count:
        return Missing(crumbs_of(found, moment), exists_today=False, chrome=chrome(moment, ""))
    title = "新着情報" if here.depth == 1 else f"{here.title}の新着情報"
    url = f"{here.url_path}news/"

    def to(page: int) -> str:
        return address_of(url, replace(asked, page=page), moment)

    return NewsList(
        title=title,
        document_title=document_title(found, title),
        url=url,
        crumbs=crumbs_of(found, moment),
        total=total,
        entries=page_of(chosen, asked.page, moment),
        years=year_choices(everything, url, asked, moment),
        categories=category_choices(url, asked, moment),
        page=asked.page,
        page_count=page_count,
        previous_url=to(asked.page - 1) if asked.page > 1 else "",
        next_url=to(asked.page + 1) if asked.page < page_count else "",
        chrome=chrome(moment, url),
    )


def page_of(editions: QuerySet[Edition], page: int, moment: Moment) -> tuple[NewsEntry, ...]:
    start = (page - 1) * PER_PAGE
    rows = editions.values_list(*statements.NEWS_COLUMNS)[start : start + PER_PAGE]
    return tuple(news_entry(row, moment) for row in rows)


def year_choices(
    editions: QuerySet[Edition], url: str, asked: Filter, moment: Moment
) -> tuple[Choice, ...]:
    choices = [("すべて", None), *((f"{year}年", year) for year in years_of(editions))]
    return tuple(
        Choice(label, address_of(url, replace(asked, year=year, page=1), moment), year == asked.year)
        for label, year in choices
    )


def category_choices(url: str, asked: Filter, moment: Moment) -> tuple[Choice, ...]:
    choices = [("すべて", None), *((known.label, known) for known in CATEGORIES_OF[Kind.NEWS_ITEM])]
    return tuple(
        Choice(
            str(label),
            address_of(url, replace(asked, category=category, page=1), moment),
            category == asked.category,
        )
        for label, category in choices
    )


def editions_of(organisation: int, moment: Moment, *, whole_site: bool) -> QuerySet[Edition]:
    editions = statements.news(moment.at)
    return editions if whole_site else editions.filter(listed_under=organisation)


def narrow(editions: QuerySet[Edition], asked: Filter) -> QuerySet[Edition]:
    if asked.year:
        first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
        editions = editions.filter(issued_on__range=(first, last))
    if asked.category:
        editions = editions.filter(category=asked.category)
    return editions


def years_of(editions: QuerySet[Edition]) -> list[int]:
    """From the year of the newest down to that of the oldest; two looks at an index."""
    days: QuerySet[Any, Any] = editions.values_list("issued_on", flat=True)
    newest, oldest = days.first(), days.reverse().first()
    if newest is None or oldest is None:
        return []
    return list(range(newest.year, oldest.year - 1, -1))


def address_of(url: str, asked: Filter, moment: Moment) -> str:
    parameters: dict[str, str | int] = {}
    if asked.year:
        parameters["year"] = asked.year
    if asked.category:
        parameters["category"] = asked.category.value
    if asked.page > 1:
        parameters["page"] = asked.page
    if moment.is_past:
        parameters["at"] = moment.text
    return f"{url}?{urlencode(parameters)}" if parameters else url
