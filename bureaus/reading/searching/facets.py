"""The facets by which a reader can narrow down the hits of a search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bureaus.models import Kind
from bureaus.models.placements import STEP
from bureaus.reading.moments import Moment
from bureaus.reading.searching.hit_statements import PlacedTitle
from bureaus.reading.searching.matches import MatchRow
from bureaus.reading.searching.query_params import BY_DATE, BY_RELEVANCE, SearchParams, search_url
from bureaus.reading.searching.results import hits_per_branch
from bureaus.reading.view_models import FilterChoice

ORGANISATIONS_OFFERED = 8


@dataclass(frozen=True, slots=True)
class Facets:
    kinds: tuple[FilterChoice, ...]
    organisations: tuple[FilterChoice, ...]
    years: tuple[FilterChoice, ...]
    orders: tuple[FilterChoice, ...]
    archives: tuple[FilterChoice, ...]


def facets_of(
    params: SearchParams,
    rows: Sequence[MatchRow],
    parents: Mapping[str, PlacedTitle],
    moment: Moment,
) -> Facets:
    """Return the choices among `rows`, the active ones marked."""
    kinds = {row.kind for row in rows} | ({params.kind} if params.kind else set())
    years = {row.day.year for row in rows} | ({params.year} if params.year else set())

    def choice(label: str, **chosen: str | int | bool | None) -> FilterChoice:
        other = replace(params, page=1, **chosen)  # type: ignore[arg-type]
        is_chosen = other == replace(params, page=1)
        return FilterChoice(label, search_url(other, moment), is_chosen)

    return Facets(
        kinds=with_default(
            choice("すべての種類", kind=""),
            [choice(f"{kind.label}だけ", kind=kind.value) for kind in Kind if kind in kinds],
        ),
        organisations=with_default(
            choice("すべての組織", organisation=""),
            [
                choice(f"{parent.title}のページ", organisation=parent.url_path)
                for parent in offered_organisations(rows, parents, params)
            ],
        ),
        years=with_default(
            choice("すべての年", year=None),
            [choice(f"{year}年", year=year) for year in sorted(years, reverse=True)],
        ),
        orders=(choice("合うものから", sort=BY_RELEVANCE), choice("新しいものから", sort=BY_DATE)),
        archives=(
            choice("保存版を含めない", with_archived=False),
            choice("保存版を含める", with_archived=True),
        ),
    )


def with_default(everything: FilterChoice, values: list[FilterChoice]) -> tuple[FilterChoice, ...]:
    """Return `everything` and `values`; nothing where there is no choice."""
    is_choice = len(values) > 1 or not everything.is_chosen
    return (everything, *values) if is_choice else ()


def offered_organisations(
    rows: Sequence[MatchRow], parents: Mapping[str, PlacedTitle], params: SearchParams
) -> list[PlacedTitle]:
    """Return those with most of `rows`, in the order of the tree; not the ministry with all."""
    frequent = [
        path
        for path, _ in hits_per_branch(rows).most_common()
        if len(path) > STEP and path in parents and parents[path].kind == Kind.ORGANISATION
    ]
    chosen = {path for path, row in parents.items() if row.url_path == params.organisation}
    paths = {*frequent[:ORGANISATIONS_OFFERED], *chosen}
    return [parents[path] for path in sorted(paths)]
