"""The news of an organisation, or of the whole site, by year and category, page by page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bureaus.models import CATEGORIES_OF, Category, Kind
from bureaus.reading import statements
from bureaus.reading.ancestors import find_ancestors
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.pages import (
    document_title,
    instead_of_page,
    is_organisation,
    news_entry,
)
from bureaus.reading.request_paths import canonical_address, known_beginning
from bureaus.reading.statements import NewsOf
from bureaus.reading.view_models import Choice, Gone, Missing, Moved, NewsEntry, NewsList

ENDING = "news/"
PER_PAGE = 20
LAST_YEAR = date.max.year


@dataclass(frozen=True, slots=True)
class NewsFilter:
    year: int | None = None
    category: Category | None = None
    page: int = 1


class UnreadableFilter(ValueError):
    """What stands in `?year=`, `?category=` or `?page=` names no list."""


def requested_filter(*, year: str, category: str, page: str) -> NewsFilter:
    """Read the three parameters, each empty where it was not given. Raises UnreadableFilter."""
    if category and category not in CATEGORIES_OF[Kind.NEWS_ITEM]:
        raise UnreadableFilter(f"区分「{category[:40]}」の新着情報はありません。")
    return NewsFilter(
        year=parse_number(year, LAST_YEAR) if year else None,
        category=Category(category) if category else None,
        page=parse_number(page, 10**6) if page else 1,
    )


def parse_number(text: str, most: int) -> int:
    is_short = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_short or not 1 <= int(text) <= most:
        raise UnreadableFilter(f"「{text[:40]}」は、年またはページの番号として読み取れません。")
    return int(text)


def list_news(path: str, asked: NewsFilter, moment: Moment) -> NewsList | Moved | Gone | Missing:
    """
    The news list at `path`, below an organisation (the root: of the whole site).

    Missing also where the page number lies behind the last page. 2 to 6 queries.
    """
    address = canonical_address(path)
    organisation = address.removesuffix(ENDING)
    found = find_ancestors(organisation or known_beginning(path), moment)
    instead = instead_of_page(organisation, found, moment)
    if isinstance(instead, Moved):
        has_list = is_organisation(instead.url_path, moment)
        return Moved(instead.url_path + ENDING) if has_list else instead
    if instead is not None:
        return instead
    here = found[-1]
    if here.kind != Kind.ORGANISATION:
        return Missing(
            breadcrumbs_of(found, moment), exists_today=False, chrome=site_frame(moment, "")
        )
    if path != address:
        return Moved(address)
    everything = NewsOf(whole_site=here.depth == 1)
    chosen = everything._replace(by_year=bool(asked.year), by_category=bool(asked.category))
    values = values_of(here.page, asked, moment)
    total = statements.news_total(chosen)(**values)[0][0]
    page_count = max(1, -(-total // PER_PAGE))
    if asked.page > page_count:
        return Missing(
            breadcrumbs_of(found, moment), exists_today=False, chrome=site_frame(moment, "")
        )
    title = "新着情報" if here.depth == 1 else f"{here.title}の新着情報"
    today = address_of(address, asked, present_moment())

    def to(page: int) -> str:
        return address_of(address, replace(asked, page=page), moment)

    return NewsList(
        title=title + words_of(asked),
        document_title=document_title(found, title + words_of(asked)),
        url=today,
        crumbs=breadcrumbs_of(found, moment),
        total=total,
        entries=page_of(chosen, values, asked.page, moment),
        years=year_choices(years_of(everything, values), address, asked, moment),
        categories=category_choices(address, asked, moment),
        page=asked.page,
        page_count=page_count,
        pages=page_choices(asked.page, page_count, to),
        previous_url=to(asked.page - 1) if asked.page > 1 else "",
        next_url=to(asked.page + 1) if asked.page < page_count else "",
        chrome=site_frame(moment, today),
    )


def page_choices(here: int, count: int, to: Callable[[int], str]) -> tuple[Choice, ...]:
    """The first, the last and the pages around this one; a gap between them is one choice."""
    near = {1, count, *range(max(1, here - 2), min(count, here + 2) + 1)}
    choices: list[Choice] = []
    for page in sorted(near) if count > 1 else ():
        if choices and page - 1 not in near:
            choices.append(Choice("…", "", is_chosen=False))
        choices.append(Choice(str(page), to(page), is_chosen=page == here))
    return tuple(choices)


def words_of(asked: NewsFilter) -> str:
    """（2013年、報道資料、2ページ目）; empty for the first page of everything."""
    words = [
        f"{asked.year}年" if asked.year else "",
        str(asked.category.label) if asked.category else "",
        f"{asked.page}ページ目" if asked.page > 1 else "",
    ]
    chosen = "、".join(word for word in words if word)
    return f"（{chosen}）" if chosen else ""


def values_of(organisation: int, asked: NewsFilter, moment: Moment) -> dict[str, Any]:
    """The values of the places in `statements.chosen`."""
    values: dict[str, Any] = {"at": moment.at, "day": moment.day, "organisation": organisation}
    if asked.year:
        values["first"] = date(asked.year, 1, 1)
        values["last"] = min(date(asked.year, 12, 31), moment.day)
    if asked.category:
        values["category"] = asked.category.value
    return values


def page_of(
    which: NewsOf, values: dict[str, Any], page: int, moment: Moment
) -> tuple[NewsEntry, ...]:
    rows = statements.news_rows(which, start=(page - 1) * PER_PAGE, count=PER_PAGE)
    return tuple(news_entry(row, moment) for row in rows(**values))


def years_of(which: NewsOf, values: dict[str, Any]) -> list[int]:
    """
    From the year of the newest down to that of the oldest. 2 queries.

    Either may find nothing: the last item can end between the two.
    """
    newest, oldest = statements.newest_day(which)(**values), statements.oldest_day(which)(**values)
    if not (newest and oldest):
        return []
    return list(range(newest[0][0].year, oldest[0][0].year - 1, -1))


def year_choices(
    years: list[int], url: str, asked: NewsFilter, moment: Moment
) -> tuple[Choice, ...]:
    choices = [("すべての年", None), *((f"{year}年", year) for year in years)]
    return tuple(
        Choice(
            label,
            address_of(url, replace(asked, year=year, page=1), moment),
            year == asked.year,
        )
        for label, year in choices
    )


def category_choices(url: str, asked: NewsFilter, moment: Moment) -> tuple[Choice, ...]:
    choices = [
        ("すべての区分", None),
        *((known.label, known) for known in CATEGORIES_OF[Kind.NEWS_ITEM]),
    ]
    return tuple(
        Choice(
            str(label),
            address_of(url, replace(asked, category=category, page=1), moment),
            category == asked.category,
        )
        for label, category in choices
    )


def address_of(url: str, asked: NewsFilter, moment: Moment) -> str:
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
