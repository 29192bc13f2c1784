"""Maintenance of the index, which holds the text of each approved edition and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import starmap
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from bureaus.models import Edition, SearchRow
from bureaus.models.batches import batches
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.locks import tree_lock
from bureaus.search.backends import backend
from bureaus.search.sources import entry_of, sources, sources_by_key
from bureaus.text.formatting import TOKYO

# Of an edition, in the order of which the index is written.
DAY = Coalesce("issued_on", TruncDate("live_from", tzinfo=TOKYO))
NEW_KEYS: Mapping[int, int] = MappingProxyType({})
MISSING, SURPLUS, STALE = "missing", "surplus", "stale"


class DatedEdition(NamedTuple):
    day: date | None  # None of a draft without a date of issue
    edition: int


class IndexFault(NamedTuple):
    """`what`: MISSING, SURPLUS or STALE."""

    edition: int
    what: str


def refresh(page_ids: Iterable[int]) -> None:
    """
    Bring the index up to date with these pages, inside the action's own transaction.

    2 queries for every few hundred pages, and 5 for every few hundred editions that have been
    approved: the oldest of them all first, as the order of the keys is that of the days.
    """
    missing: list[DatedEdition] = []
    for batch in batches(page_ids):
        if len(batch) == 1:
            surplus = SURPLUS_OF_ONE(page=batch[0])
            missing += MISSING_OF_ONE(page=batch[0])
        else:
            surplus = list(starmap(DatedEdition, surplus_rows(Q(page__in=batch))))
            missing += starmap(DatedEdition, missing_rows(Q(page__in=batch)))
        delete_rows(row.edition for row in surplus)
    for keys in batches(row.edition for row in sorted(missing)):
        add(keys)


def surplus_rows(of: Q) -> QuerySet[Any, Any]:
    """The indexed editions, of those that `of` says, that are not approved."""
    drafts = Edition.objects.filter(of, live_from=None, search_row__isnull=False)
    return drafts.order_by().values_list(DAY, "pk")


def missing_rows(of: Q) -> QuerySet[Any, Any]:
    """The approved editions, of those that `of` says, that are not indexed."""
    approved = Edition.objects.with_start().filter(of, search_row=None)
    return approved.order_by().values_list(DAY, "pk")


# An action refreshes one page, inside its transaction: docs/adr/0005.
OF_PAGE = Q(page=Parameter("page", BigIntegerField()))
SURPLUS_OF_ONE = Compiled(DatedEdition, lambda: surplus_rows(OF_PAGE), is_prepared=False)
MISSING_OF_ONE = Compiled(DatedEdition, lambda: missing_rows(OF_PAGE), is_prepared=False)


def reindex(editions: Iterable[int]) -> None:
    """
    Index these editions again after a change of a document that they link to.

    Each keeps its key: an old edition does not become the newest because its document is replaced.
    Inside the transaction that changed it. 7 queries for every few hundred.
    """
    for batch in batches(sorted(editions)):
        rows = SearchRow.objects.filter(edition__in=batch)
        replace_rows(batch, dict(rows.values_list("edition", "pk")))


def replace_rows(editions: Sequence[int], keys: Mapping[int, int] = NEW_KEYS) -> None:
    delete_rows(editions)
    add(editions, keys)


def delete_rows(editions: Iterable[int]) -> None:
    for batch in batches(sorted(editions)):
        rows = SearchRow.objects.filter(edition__in=batch)
        rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them


def add(editions: Sequence[int], keys: Mapping[int, int] = NEW_KEYS) -> None:
    """
    Index the approved ones of `editions`, a batch that is not indexed, the oldest first.

    Each gets its key in `keys`, where it has one.
    """
    ordered = sorted(sources_by_key(editions), key=lambda source: (source.day, source.edition))
    if ordered:
        backend().write([entry_of(source) for source in ordered], keys)


def rebuild(report: Callable[[int, int], None]) -> int:
    """
    Index every approved edition again, the oldest first, and delete other rows. Return how many.

    A few hundred at a time, each batch in a transaction of its own under the tree lock: meanwhile
    the site answers from the rows that exist, and actions wait for a moment only. It can be
    interrupted and started again. `report(done, all)` is called after each batch.
    """
    approved = Edition.objects.with_start().order_by(DAY, "pk")
    keys = list(approved.values_list("pk", flat=True))
    done = 0
    for batch in batches(keys):
        with tree_lock():
            replace_rows(batch)
        done += len(batch)
        report(done, len(keys))
    with tree_lock():
        drafts = SearchRow.objects.filter(edition__live_from=None)
        delete_rows(drafts.values_list("edition", flat=True))
        backend().optimise()
        analyse()
    return len(keys)


def analyse() -> None:
    """
    Update the planner's statistics after many rows were added. 1 query on PostgreSQL.

    With old statistics a search in the tree joined tables in half a minute.
    """
    backend().analyse()


def optimise() -> None:
    """Write the index anew without what was deleted; it locks the index on SQLite."""
    backend().optimise()


def byte_size() -> int:
    """Return the size of the index alone; 1 query."""
    return backend().byte_size()


def is_behind() -> bool:
    """Return whether approved editions are missing, or were folded by an earlier version."""
    if Edition.objects.with_start().filter(search_row=None).exists():
        return True
    # An interrupted `rebuild` leaves the least keys to the editions that it has not reached.
    oldest = SearchRow.objects.order_by("pk").first()
    if oldest is None:
        return False
    current = sources(Edition.objects.filter(pk=oldest.edition_id))
    return any(source.digest != oldest.digest for source in current)


def index_faults() -> list[IndexFault]:
    """Return where the index differs from the approved editions. 4 queries that read all."""
    digests = dict(SearchRow.objects.values_list("edition", "digest"))
    empty = backend().editions_without_text()
    faults = []
    for source in sources(Edition.objects.all()):
        digest = digests.pop(source.edition, None)
        if digest is None:
            faults.append(IndexFault(source.edition, MISSING))
        elif digest != source.digest or source.edition in empty:
            faults.append(IndexFault(source.edition, STALE))
    return faults + [IndexFault(edition, SURPLUS) for edition in digests]
