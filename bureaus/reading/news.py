"""The news of an organisation, or of the whole site, by year and category, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bureaus.models import CATEGORIES_OF, Category, Kind
from bureaus.reading import news_statements
from bureaus.reading.list_choices import filter_choices, filter_label, page_choices
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.news_statements import NewsScope
from bureaus.reading.pages import document_title, news_entry
from bureaus.reading.resolution import ResolvedPage, missing_below, resolve
from bureaus.reading.view_models import FilterChoice, Gone, Missing, Moved, NewsEntry, NewsList

LIST_SUFFIX = "news/"
PER_PAGE = 20
LAST_YEAR = date.max.year


@dataclass(frozen=True, slots=True)
class NewsFilter:
    year: int | None = None
    category: Category | None = None
    page: int = 1


class UnreadableFilter(ValueError):
    """A value of `?year=`, `?category=` or `?page=` that selects no list."""


def requested_filter(values: Mapping[str, str]) -> NewsFilter:
    """Read the parameters; a missing one is empty. Raises UnreadableFilter."""
    year, page, category = (values.get(name, "") for name in ("year", "page", "category"))
    if category and category not in CATEGORIES_OF[Kind.NEWS_ITEM]:
        raise UnreadableFilter(f"区分「{category[:40]}」の新着情報はありません。")
    return NewsFilter(
        year=parse_number(year, LAST_YEAR) if year else None,
        category=Category(category) if category else None,
        page=parse_number(page, 10**6) if page else 1,
    )


def parse_number(text: str, limit: int) -> int:
    is_short = text.isascii() and text.isdigit() and len(text) <= len(str(limit))
    if not is_short or not 1 <= int(text) <= limit:
        raise UnreadableFilter(f"「{text[:40]}」は、年またはページの番号として読み取れません。")
    return int(text)


def list_news(
    path: str, news_filter: NewsFilter, moment: Moment
) -> NewsList | Moved | Gone | Missing:
    """
    Return the news list at `path`, below an organisation (the root: of the whole site).

    Missing also where the page number is greater than that of the last page. 2 to 6 queries.
    """
    resolved = resolve(path, moment, suffix=LIST_SUFFIX, kind=Kind.ORGANISATION)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    here, rows = resolved
    whole_list = NewsScope(whole_site=here.depth == 1)
    scope = whole_list._replace(
        by_year=bool(news_filter.year), by_category=bool(news_filter.category)
    )
    values = statement_values(here.page, news_filter, moment)
    total = news_statements.news_total(scope)(**values)[0].total
    page_count = max(1, -(-total // PER_PAGE))
    if news_filter.page > page_count:
        return missing_below(rows, moment)
    address = here.url_path + LIST_SUFFIX
    title = "新着情報" if here.depth == 1 else f"{here.title}の新着情報"
    today = list_url(address, news_filter, present_moment())

    def page_url(page: int) -> str:
        return list_url(address, replace(news_filter, page=page), moment)

    return NewsList(
        title=title + label_of(news_filter),
        document_title=document_title(rows, title + label_of(news_filter)),
        url=today,
        breadcrumbs=breadcrumbs_of(rows, moment),
        total=total,
        entries=entries_on_page(scope, values, news_filter.page, moment),
        years=year_choices(years_with_news(whole_list, values), address, news_filter, moment),
        categories=category_choices(address, news_filter, moment),
        page=news_filter.page,
        page_count=page_count,
        pages=page_choices(news_filter.page, page_count, page_url),
        previous_url=page_url(news_filter.page - 1) if news_filter.page > 1 else "",
        next_url=page_url(news_filter.page + 1) if news_filter.page < page_count else "",
        site_frame=site_frame(moment, today),
    )


def label_of(news_filter: NewsFilter) -> str:
    return filter_label(
        f"{news_filter.year}年" if news_filter.year else "",
        str(news_filter.category.label) if news_filter.category else "",
        page=news_filter.page,
    )


def statement_values(organisation: int, news_filter: NewsFilter, moment: Moment) -> dict[str, Any]:
    """Return the values of the parameters of `news_statements.selected_news`."""
    values: dict[str, Any] = {"at": moment.at, "day": moment.day, "organisation": organisation}
    if news_filter.year:
        values["first"] = date(news_filter.year, 1, 1)
        values["last"] = min(date(news_filter.year, 12, 31), moment.day)
    if news_filter.category:
        values["category"] = news_filter.category.value
    return values


def entries_on_page(
    scope: NewsScope, values: dict[str, Any], page: int, moment: Moment
) -> tuple[NewsEntry, ...]:
    rows = news_statements.news_rows(scope, start=(page - 1) * PER_PAGE, count=PER_PAGE)
    return tuple(news_entry(row, moment) for row in rows(**values))


def years_with_news(scope: NewsScope, values: dict[str, Any]) -> list[int]:
    """
    Return the years from that of the newest item down to that of the oldest. 2 queries.

    Either query may return nothing: the last item can end between the two.
    """
    newest, oldest = (
        news_statements.newest_day(scope)(**values),
        news_statements.oldest_day(scope)(**values),
    )
    if not (newest and oldest):
        return []
    return list(range(newest[0].day.year, oldest[0].day.year - 1, -1))


def year_choices(
    years: list[int], url: str, news_filter: NewsFilter, moment: Moment
) -> tuple[FilterChoice, ...]:
    return filter_choices(
        [("すべての年", None), *((f"{year}年", year) for year in years)],
        lambda year: list_url(url, replace(news_filter, year=year, page=1), moment),
        news_filter.year,
    )


def category_choices(url: str, news_filter: NewsFilter, moment: Moment) -> tuple[FilterChoice, ...]:
    categories = CATEGORIES_OF[Kind.NEWS_ITEM]
    return filter_choices(
        [("すべての区分", None), *((str(category.label), category) for category in categories)],
        lambda category: list_url(url, replace(news_filter, category=category, page=1), moment),
        news_filter.category,
    )


def list_url(url: str, news_filter: NewsFilter, moment: Moment) -> str:
    parameters: dict[str, str | int] = {}
    if news_filter.year:
        parameters["year"] = news_filter.year
    if news_filter.category:
        parameters["category"] = news_filter.category.value
    if news_filter.page > 1:
        parameters["page"] = news_filter.page
    if moment.is_past:
        parameters["at"] = moment.day_text
    return f"{url}?{urlencode(parameters)}" if parameters else url
