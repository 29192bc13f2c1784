"""Keeping the index: what each approved edition says, and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from django.db.models.functions import Coalesce, TruncDate

from bureaus.models import Edition, SearchRow
from bureaus.models.batches import batches
from bureaus.models.editions import EditionQuerySet
from bureaus.models.locks import tree_lock
from bureaus.search.backends import backend
from bureaus.search.sources import entry_of, sources
from bureaus.text.formatting import TOKYO

# Of an edition, in the order of which the index is written.
DAY = Coalesce("issued_on", TruncDate("live_from", tzinfo=TOKYO))
NEW_KEYS: Mapping[int, int] = MappingProxyType({})
MISSING, SURPLUS, STALE = "missing", "surplus", "stale"


class IndexFault(NamedTuple):
    """`what`: MISSING, SURPLUS or STALE."""

    edition: int
    what: str


def refresh(page_ids: Iterable[int]) -> None:
    """
    Let the index hold the approved editions of these pages. Inside the action's own transaction.

    2 queries for every few hundred pages, and 5 for every few hundred editions that have been
    approved: the oldest of them all first, as the order of the keys is that of the days.
    """
    missing: list[tuple[date, int]] = []
    for batch in batches(page_ids):
        editions = Edition.objects.filter(page__in=batch)
        surplus = editions.filter(live_from=None, search_row__isnull=False)
        forget(surplus.values_list("pk", flat=True))
        approved = editions.with_start().filter(search_row=None)
        missing += approved.order_by().values_list(DAY, "pk")
    for keys in batches(key for _, key in sorted(missing)):
        add(Edition.objects.filter(pk__in=keys))


def reindex(editions: Iterable[int]) -> None:
    """
    Index these editions anew: a document that they link to is called otherwise, or says more.

    Each keeps its key: what is old does not become the newest because its document is replaced.
    Inside the transaction that changed it. 7 queries for every few hundred.
    """
    for batch in batches(sorted(editions)):
        rows = SearchRow.objects.filter(edition__in=batch)
        again(batch, dict(rows.values_list("edition", "pk")))


def again(editions: Sequence[int], keys: Mapping[int, int] = NEW_KEYS) -> None:
    forget(editions)
    add(Edition.objects.filter(pk__in=editions), keys)


def forget(editions: Iterable[int]) -> None:
    for batch in batches(sorted(editions)):
        rows = SearchRow.objects.filter(edition__in=batch)
        rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them


def add(editions: EditionQuerySet, keys: Mapping[int, int] = NEW_KEYS) -> None:
    """
    Index the approved ones of `editions`, a batch which is not indexed, the oldest first.

    Each under its key in `keys`, where it has one.
    """
    found = sorted(sources(editions), key=lambda source: (source.day, source.edition))
    if found:
        backend().write([entry_of(source) for source in found], keys)


def rebuild(report: Callable[[int, int], None]) -> int:
    """
    Index every approved edition anew, the oldest first, and forget what is none. Return how many.

    A few hundred at a time, each batch in a transaction of its own under the tree lock: meanwhile
    the site answers from what is there, and the actions wait for a moment only. It can be
    interrupted and begun again. `report(done, all)` is called after each batch.
    """
    approved = Edition.objects.with_start().order_by(DAY, "pk")
    keys = list(approved.values_list("pk", flat=True))
    done = 0
    for batch in batches(keys):
        with tree_lock():
            again(batch)
        done += len(batch)
        report(done, len(keys))
    with tree_lock():
        drafts = SearchRow.objects.filter(edition__live_from=None)
        forget(drafts.values_list("edition", flat=True))
        backend().optimise()
        analyse()
    return len(keys)


def analyse() -> None:
    """
    Tell the database that there is much more than there was. 1 query on PostgreSQL.

    It would join a thousand rows a thousand times over: a search in the tree took half a minute.
    """
    backend().analyse()


def byte_size() -> int:
    """Of the index alone; 1 query."""
    return backend().byte_size()


def is_behind() -> bool:
    """Whether approved editions are not in the index at all, or as they were once folded."""
    if Edition.objects.with_start().filter(search_row=None).exists():
        return True
    # Where it was broken off, `rebuild` has left the least keys to what it did not come to.
    oldest = SearchRow.objects.order_by("pk").first()
    if oldest is None:
        return False
    said = sources(Edition.objects.filter(pk=oldest.edition_id))
    return any(source.digest != oldest.digest for source in said)


def index_faults() -> list[IndexFault]:
    """Where the index is not what the approved editions say. 4 queries that read all of them."""
    digests = dict(SearchRow.objects.values_list("edition", "digest"))
    empty = backend().lacking()
    found = []
    for source in sources(Edition.objects.all()):
        digest = digests.pop(source.edition, None)
        if digest is None:
            found.append(IndexFault(source.edition, MISSING))
        elif digest != source.digest or source.edition in empty:
            found.append(IndexFault(source.edition, STALE))
    return found + [IndexFault(edition, SURPLUS) for edition in digests]
