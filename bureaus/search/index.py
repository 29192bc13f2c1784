"""Keeping the index: what each approved edition says, and nothing else."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, TruncDate

from bureaus.models import Edition, SearchRow
from bureaus.models.locks import tree_lock
from bureaus.search.backends import backend
from bureaus.search.sources import entry_of, sources
from bureaus.text import TOKYO

BATCH = 500  # editions
MISSING, SURPLUS, STALE = "missing", "surplus", "stale"


class Fault(NamedTuple):
    """`what`: MISSING, SURPLUS or STALE."""

    edition: int
    what: str


def refresh(page_ids: Iterable[int]) -> None:
    """
    Let the index hold the approved editions of these pages. Inside the verb's own transaction.

    2 queries where it does, about 8 where one more has been approved.
    """
    pages = list(page_ids)
    approved = Edition.objects.filter(page__in=pages, live_from__isnull=False)
    keys = set(approved.order_by().values_list("pk", flat=True))
    indexed = set(SearchRow.objects.filter(edition__page__in=pages).values_list("edition", flat=True))
    if indexed - keys:
        forget(indexed - keys)
    for batch in batches(keys - indexed):
        add(batch)


def batches(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))


def forget(editions: Iterable[int]) -> None:
    for batch in batches(editions):
        rows = SearchRow.objects.filter(edition__in=batch)
        rows._raw_delete(rows.db)


def add(editions: Iterable[int]) -> None:
    """Index editions that are not indexed, the oldest first: the order of keys is that of days."""
    found = sorted(
        sources(Edition.objects.filter(pk__in=list(editions))),
        key=lambda source: (source.day, source.edition),
    )
    if found:
        backend().write([entry_of(source) for source in found])


def rebuild(report: Callable[[int, int], None]) -> int:
    """
    Index every approved edition anew, the oldest first, and forget what is none. Return how many.

    A few hundred at a time, each batch in a transaction of its own under the tree lock: meanwhile
    the site answers from what is there, and the verbs wait for a moment only. It can be broken off
    and begun again. `report(done, all)` is called after each batch.
    """
    in_order = [
        pk
        for pk, _ in Edition.objects.filter(live_from__isnull=False)
        .annotate(day=Coalesce("issued_on", TruncDate("live_from", tzinfo=TOKYO)))
        .order_by("day", "pk")
        .values_list("pk", "day")
    ]
    for start in range(0, len(in_order), BATCH):
        with tree_lock():
            batch = in_order[start : start + BATCH]
            forget(batch)
            add(batch)
        report(min(start + BATCH, len(in_order)), len(in_order))
    with tree_lock():
        forget(surplus())
        backend().optimise()
    return len(in_order)


def is_behind() -> bool:
    """Whether approved editions are not in the index at all; 1 query."""
    return missing().exists()


def missing() -> QuerySet[Edition]:
    return Edition.objects.filter(live_from__isnull=False, search_row=None)


def surplus() -> list[int]:
    rows = SearchRow.objects.filter(edition__live_from=None)
    return list(rows.values_list("edition", flat=True))


def faults() -> list[Fault]:
    """Where the index is not what the approved editions say. 6 queries that read all of them."""
    digests = dict(SearchRow.objects.values_list("edition", "digest"))
    empty = backend().lacking()
    found = []
    for source in sources(Edition.objects.all()):
        digest = digests.pop(source.edition, None)
        if digest is None:
            found.append(Fault(source.edition, MISSING))
        elif digest != source.digest or source.edition in empty:
            found.append(Fault(source.edition, STALE))
    return found + [Fault(edition, SURPLUS) for edition in digests]
