"""The parameters of a search, read from a query string and written to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bureaus.models import Kind
from bureaus.models.addresses import is_address
from bureaus.reading.moments import Moment
from bureaus.reading.news import LAST_YEAR, UnreadableFilter, parse_number
from bureaus.text.words import readable_query

ADDRESS = "/search/"
BY_RELEVANCE, BY_DATE = "", "date"
PAGE_LIMIT = 10**6


@dataclass(frozen=True, slots=True)
class SearchParams:
    """`organisation` is an address. A parameter without a value is empty."""

    text: str = ""
    kind: str = ""
    organisation: str = ""
    year: int | None = None
    sort: str = BY_RELEVANCE
    with_archived: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.organisation or self.year)


def requested_search(values: Mapping[str, str]) -> SearchParams:
    """Read the parameters; a missing one is empty. Raises UnreadableFilter."""
    kind, organisation = values.get("kind", ""), values.get("organisation", "")
    year, page, sort = values.get("year", ""), values.get("page", ""), values.get("sort", "")
    if kind and kind not in Kind.values:
        raise UnreadableFilter(f"種類「{readable_query(kind[:40])}」のページはありません。")
    if organisation and not is_address(organisation):
        raise UnreadableFilter(
            f"組織のアドレス「{readable_query(organisation[:40])}」を読み取れません。"
        )
    return SearchParams(
        text=values.get("q", ""),
        kind=kind,
        organisation=organisation,
        year=parse_number(year, LAST_YEAR) if year else None,
        sort=BY_DATE if sort == BY_DATE else BY_RELEVANCE,
        with_archived=values.get("archived") == "on",
        page=parse_number(page, PAGE_LIMIT) if page else 1,
    )


def search_url(params: SearchParams, moment: Moment) -> str:
    values: dict[str, str | int] = {
        "q": params.text,
        "kind": params.kind,
        "organisation": params.organisation,
        "year": params.year or "",
        "sort": params.sort,
        "archived": "on" if params.with_archived else "",
        "page": params.page if params.page > 1 else "",
        "at": moment.day_text,
    }
    chosen = {name: value for name, value in values.items() if value}
    return f"{ADDRESS}?{urlencode(chosen)}" if chosen else ADDRESS
