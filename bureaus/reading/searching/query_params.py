"""What is asked of the search, and the address that asks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bureaus.models import Kind
from bureaus.models.addresses import is_address
from bureaus.reading.moments import Moment
from bureaus.reading.news import LAST_YEAR, UnreadableFilter, parse_number
from bureaus.text.words import readable_query

ADDRESS = "/search/"
BY_FIT, BY_DATE = "", "date"
PAGES = 10**6


@dataclass(frozen=True, slots=True)
class SearchParams:
    """`organisation` is an address. What is not chosen is empty."""

    text: str = ""
    kind: str = ""
    organisation: str = ""
    year: int | None = None
    sort: str = BY_FIT
    with_archived: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.organisation or self.year)


def requested_search(values: Mapping[str, str]) -> SearchParams:
    """Read the parameters, each empty where it was not given. Raises UnreadableFilter."""
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
        sort=BY_DATE if sort == BY_DATE else BY_FIT,
        with_archived=values.get("archived") == "on",
        page=parse_number(page, 10**6) if page else 1,
    )


def search_url(asked: SearchParams, moment: Moment) -> str:
    parameters: dict[str, str | int] = {
        "q": asked.text,
        "kind": asked.kind,
        "organisation": asked.organisation,
        "year": asked.year or "",
        "sort": asked.sort,
        "archived": "on" if asked.with_archived else "",
        "page": asked.page if asked.page > 1 else "",
        "at": moment.text,
    }
    chosen = {name: value for name, value in parameters.items() if value}
    return f"{ADDRESS}?{urlencode(chosen)}" if chosen else ADDRESS
