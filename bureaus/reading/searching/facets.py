"""What the pages that were found can be narrowed down by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bureaus.models import Kind, Page
from bureaus.reading.moments import Moment
from bureaus.reading.searching.matches import Row
from bureaus.reading.searching.query_params import BY_DATE, BY_FIT, SearchParams, search_url
from bureaus.reading.searching.results import ResultContext, holders
from bureaus.reading.view_models import Choice

ORGANISATIONS = 8


@dataclass(frozen=True, slots=True)
class Facets:
    kinds: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    years: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    archives: tuple[Choice, ...]


def facets_of(
    asked: SearchParams, rows: Sequence[Row], places: Mapping[str, ResultContext], moment: Moment
) -> Facets:
    """What can be chosen among `rows`, and what has been."""
    kinds = {row.kind for row in rows} | ({asked.kind} if asked.kind else set())
    years = {row.day.year for row in rows} | ({asked.year} if asked.year else set())

    def choice(label: str, **chosen: str | int | bool | None) -> Choice:
        other = replace(asked, page=1, **chosen)  # type: ignore[arg-type]
        is_chosen = other == replace(asked, page=1)
        return Choice(label, search_url(other, moment), is_chosen)

    return Facets(
        kinds=offered(
            choice("すべての種類", kind=""),
            [choice(f"{kind.label}だけ", kind=kind.value) for kind in Kind if kind in kinds],
        ),
        organisations=offered(
            choice("すべての組織", organisation=""),
            [
                choice(f"{place.title}のページ", organisation=place.url_path)
                for place in organisations_among(rows, places, asked)
            ],
        ),
        years=offered(
            choice("すべての年", year=None),
            [choice(f"{year}年", year=year) for year in sorted(years, reverse=True)],
        ),
        orders=(choice("合うものから", sort=BY_FIT), choice("新しいものから", sort=BY_DATE)),
        archives=(
            choice("含めない", with_archived=False),
            choice("含める", with_archived=True),
        ),
    )


def offered(everything: Choice, values: list[Choice]) -> tuple[Choice, ...]:
    """Nothing where there is nothing to choose."""
    is_choice = len(values) > 1 or not everything.is_chosen
    return (everything, *values) if is_choice else ()


def organisations_among(
    rows: Sequence[Row], places: Mapping[str, ResultContext], asked: SearchParams
) -> list[ResultContext]:
    """Those with most of `rows`, in the order of the tree; not the ministry, which has all."""
    counts = [
        path
        for path, _ in holders(rows).most_common()
        if len(path) > Page.steplen and path in places and places[path].kind == Kind.ORGANISATION
    ]
    chosen = {path for path, place in places.items() if place.url_path == asked.organisation}
    paths = {*counts[:ORGANISATIONS], *chosen}
    return [places[path] for path in sorted(paths)]
