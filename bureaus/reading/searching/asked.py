"""What is asked of the search, and the address that asks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bureaus.models import Kind
from bureaus.models.addresses import is_address
from bureaus.reading.moments import Moment
from bureaus.reading.news import LAST_YEAR, UnreadableFilter, number
from bureaus.words import readable

ADDRESS = "/search/"
BY_FIT, BY_DATE = "", "date"
PAGES = 10**6


@dataclass(frozen=True, slots=True)
class Asked:
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


def search_asked(values: Mapping[str, str]) -> Asked:
    """Read the parameters, each empty where it was not given. Raises UnreadableFilter."""
    kind, organisation = values.get("kind", ""), values.get("organisation", "")
    year, page, sort = values.get("year", ""), values.get("page", ""), values.get("sort", "")
    if kind and kind not in Kind.values:
        raise UnreadableFilter(f"種類「{readable(kind[:40])}」のページはありません。")
    if organisation and not is_address(organisation):
        raise UnreadableFilter(f"組織のアドレス「{readable(organisation[:40])}」を読み取れません。")
    return Asked(
        text=values.get("q", ""),
        kind=kind,
        organisation=organisation,
        year=number(year, LAST_YEAR) if year else None,
        sort=BY_DATE if sort == BY_DATE else BY_FIT,
        with_archived=values.get("archived") == "on",
        page=number(page, 10**6) if page else 1,
    )


def address_of(asked: Asked, moment: Moment) -> str:
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
