"""The hits of a search with their parent pages, snippets and documents."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bureaus.models import Answer, Category, Edition, Kind
from bureaus.models.edition_text import prose_lines
from bureaus.models.placements import STEP, ancestor_paths
from bureaus.reading.events import EventView, event_view
from bureaus.reading.moments import Moment
from bureaus.reading.parts import link_view
from bureaus.reading.searching.hit_statements import PlacedTitle, document_rows, title_rows
from bureaus.reading.searching.matches import MatchRow
from bureaus.reading.view_models import LinkView
from bureaus.search import part_texts
from bureaus.text.words import Pieces, highlight, snippet

BRANCHES = 60  # those with most hits, of which the organisations become facets
DOCUMENTS = 3  # listed with a hit


@dataclass(frozen=True, slots=True)
class Hit:
    """`address` is that of the page, `url` the link to it at the requested moment."""

    title: Pieces
    url: str
    address: str
    label: str
    breadcrumbs: tuple[str, ...]
    day: date
    is_news: bool
    is_archived: bool
    event: EventView | None
    snippet: Pieces
    documents: tuple[LinkView, ...]


class LinkedDocument(NamedTuple):
    """The link to a document, and its text."""

    link: LinkView
    lines: list[str]


def pages_above(
    page_rows: Sequence[MatchRow], rows: Sequence[MatchRow], moment: Moment
) -> dict[str, PlacedTitle]:
    """Return the pages above `page_rows`, and those above most of `rows`, by path. 1 query."""
    above = {path for row in page_rows for path in ancestor_paths(row.path)}
    paths = above | {path for path, _ in hits_per_branch(rows).most_common(BRANCHES)}
    return {row.path: row for row in title_rows(paths, moment)}


def hits_per_branch(rows: Iterable[MatchRow]) -> Counter[str]:
    """Count `rows` by the paths above them; an organisation counts in its own branch."""
    nearest = Counter(
        row.path if row.kind == Kind.ORGANISATION else row.path[:-STEP] for row in rows
    )
    counts = Counter[str]()
    for path, count in nearest.items():
        for each in (*ancestor_paths(path), path):
            counts[each] += count
    return counts


def hits_of(
    rows: Sequence[MatchRow],
    parts: Sequence[str],
    parents: Mapping[str, PlacedTitle],
    moment: Moment,
) -> tuple[Hit, ...]:
    """
    Return `rows` as they are displayed, the folded `parts` marked.

    2 queries, 3 where one of `parts` stands neither in a text nor in its documents.
    """
    keys = [row.edition for row in rows]
    editions = Edition.objects.filter(pk__in=keys).in_bulk()
    documents = documents_of(keys, moment)
    snippets = snippets_of(editions, documents, parts, moment)
    return tuple(
        Hit(
            title=highlight(row.title, parts),
            url=moment.address(row.url_path),
            address=row.url_path,
            label=hit_label(editions[row.edition], row),
            breadcrumbs=tuple(
                parents[path].title for path in ancestor_paths(row.path) if path in parents
            ),
            day=row.day,
            is_news=row.kind == Kind.NEWS_ITEM,
            is_archived=editions[row.edition].answer == Answer.ARCHIVED,
            event=event_view(editions[row.edition], moment),
            snippet=snippets[row.edition],
            documents=tuple(found.link for found in documents[row.edition][:DOCUMENTS]),
        )
        for row in rows
    )


def snippets_of(
    editions: Mapping[int, Edition],
    documents: Mapping[int, Iterable[LinkedDocument]],
    parts: Sequence[str],
    moment: Moment,
) -> Mapping[int, Pieces]:
    """
    Return the snippet of each edition: of its text, or else of its captions, links and contacts.

    No query, 1 where a text has none of `parts`.
    """
    snippets = {
        key: snippet(hit_lines(edition, documents.get(key, ())), parts)
        for key, edition in editions.items()
    }
    unseen = [key for key, pieces in snippets.items() if not is_marked(pieces)]
    if not unseen or not parts:
        return snippets
    for key, texts in part_texts(unseen, moment.at).items():
        lines = [line for text in texts for line in text.splitlines()]
        pieces = snippet(lines, parts)
        if is_marked(pieces):
            snippets[key] = pieces
    return snippets


def is_marked(pieces: Pieces) -> bool:
    return any(piece.is_found for piece in pieces)


def hit_label(edition: Edition, row: MatchRow) -> str:
    """Return the category (局, 報道資料) where it is more specific than the kind."""
    if row.kind in {Kind.ORGANISATION, Kind.NEWS_ITEM}:
        return str(Category(edition.category).label)
    return str(Kind(row.kind).label)


def hit_lines(edition: Edition, documents: Iterable[LinkedDocument]) -> list[str]:
    """Return the text of an edition, then that of its documents, a line for each page."""
    own = [*prose_lines(edition.lead, edition.body, edition.note), edition.event_place]
    return [*filter(None, own), *(line for document in documents for line in document.lines)]


def documents_of(editions: list[int], moment: Moment) -> dict[int, list[LinkedDocument]]:
    """
    Return the documents to which each of these editions links, in its order. 1 query.

    Of a past moment with their size then, and without text where the file was replaced since.
    """
    found: dict[int, list[LinkedDocument]] = defaultdict(list)
    for link, text in document_rows(editions, moment):
        lines = (text or "").splitlines() if not link.is_replaced else []
        found[link.edition].append(LinkedDocument(link_view(link, moment), lines))
    return found
