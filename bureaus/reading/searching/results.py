"""What was found, as it is shown: where it stands, and the place where it says so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from bureaus.models import Answer, Category, EarlierFile, Edition, Kind, Link, Page
from bureaus.models.edition_text import prose_lines
from bureaus.reading.moments import Moment
from bureaus.reading.parts import link_view
from bureaus.reading.searching.matches import Row
from bureaus.reading.view_models import LinkView
from bureaus.search import ParsedQuery
from bureaus.text.words import Pieces, highlight, snippet

PLACES = 60  # of which it is asked whether they are organisations
DOCUMENTS = 3  # of a page


@dataclass(frozen=True, slots=True)
class FoundPage:
    """`address` is where it stands, `url` how it is linked from the moment asked for."""

    title: Pieces
    url: str
    address: str
    label: str
    crumbs: tuple[str, ...]
    day: date
    is_news: bool
    is_archived: bool
    snippet: Pieces
    documents: tuple[LinkView, ...]


class FoundDocument(NamedTuple):
    """A document, as it is linked, and what it says."""

    link: LinkView
    lines: list[str]


class ResultContext(NamedTuple):
    """A page above what was found."""

    kind: str
    url_path: str
    title: str


def places_of(
    shown: Sequence[Row], rows: Sequence[Row], moment: Moment
) -> dict[str, ResultContext]:
    """By tree path: the pages above those shown, and those that hold most of the rest. 1 query."""
    above = {path for row in shown for path in paths_above(row.path)}
    paths = above | {path for path, _ in holders(rows).most_common(PLACES)}
    found = Edition.objects.in_force(moment.at).filter(page__path__in=paths).order_by("page__path")
    columns = ("page__path", "page__kind", "page__url_path", "title")
    return {path: ResultContext(*row) for path, *row in found.values_list(*columns)}


def holders(rows: Iterable[Row]) -> Counter[str]:
    """The tree paths above `rows`, and of organisations their own, with how many each holds."""
    nearest = Counter(
        row.path if row.kind == Kind.ORGANISATION else row.path[: -Page.steplen] for row in rows
    )
    counts = Counter[str]()
    for path, count in nearest.items():
        for each in (*paths_above(path), path):
            counts[each] += count
    return counts


def paths_above(path: str) -> list[str]:
    """From the root down, without its own."""
    return [path[:end] for end in range(Page.steplen, len(path), Page.steplen)]


def found_pages(
    shown: Sequence[Row],
    looked_for: ParsedQuery,
    places: Mapping[str, ResultContext],
    moment: Moment,
) -> tuple[FoundPage, ...]:
    """2 queries."""
    keys = [row.edition for row in shown]
    texts = Edition.objects.filter(pk__in=keys).in_bulk()
    papers = papers_of(keys, moment)
    parts = looked_for.parts
    return tuple(
        FoundPage(
            title=highlight(row.title, parts),
            url=moment.address(row.url_path),
            address=row.url_path,
            label=label_of(texts[row.edition], row),
            crumbs=tuple(places[path].title for path in paths_above(row.path) if path in places),
            day=row.day,
            is_news=row.kind == Kind.NEWS_ITEM,
            is_archived=texts[row.edition].answer == Answer.ARCHIVED,
            snippet=snippet(words_in(texts[row.edition], papers[row.edition]), parts),
            documents=tuple(paper.link for paper in papers[row.edition][:DOCUMENTS]),
        )
        for row in shown
    )


def label_of(edition: Edition, row: Row) -> str:
    """局, 報道資料 … where a category says more than the kind."""
    if row.kind in {Kind.ORGANISATION, Kind.NEWS_ITEM}:
        return str(Category(edition.category).label)
    return str(Kind(row.kind).label)


def words_in(edition: Edition, papers: Iterable[FoundDocument]) -> list[str]:
    """Its own, and then those of the documents to which it links, a line for each page."""
    own = prose_lines(edition.lead, edition.body, edition.note)
    return [*filter(None, own), *(line for paper in papers for line in paper.lines)]


def papers_of(editions: list[int], moment: Moment) -> dict[int, list[FoundDocument]]:
    """
    The documents to which each of these editions links, in its order; 1 query.

    Of a past moment with the size that they had then, and without words where they say others now.
    """
    links = Link.objects.filter(edition__in=editions, document__isnull=False)
    then = EarlierFile.objects.filter(document=OuterRef("document"), until__gt=moment.at)
    first = then.order_by("until")
    rows = links.order_by("edition", "position").values_list(
        "edition",
        "text",
        "document__address",
        "document__byte_size",
        "document__page_count",
        "document__said__text",
        Subquery(first.values("byte_size")[:1]),
        Subquery(first.values("page_count")[:1]),
    )
    found: dict[int, list[FoundDocument]] = defaultdict(list)
    for edition, text, address, size, pages, said, size_then, pages_then in rows:
        is_replaced = size_then is not None
        facts = (size_then, pages_then) if is_replaced else (size, pages)
        link = link_view(moment, text, None, "", address, *facts)
        lines = [] if is_replaced else (said or "").splitlines()
        found[edition].append(FoundDocument(link, lines))
    return found
