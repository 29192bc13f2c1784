"""The one function that writes `live_until`, and lets the search know."""

from collections.abc import Iterable
from itertools import groupby

from bureaus.models import Edition
from bureaus.models.batches import batches
from bureaus.models.intervals import interval_ends
from bureaus.search import refresh


def update_live_until(page_ids: Iterable[int]) -> int:
    """
    End each approved edition of these pages where the next one begins; return how many changed.

    Inside the transaction that changed a start. 1 query to read and 1 to write for every few
    hundred. The search then holds what is approved and nothing else (`search.refresh`).
    """
    pages = list(page_ids)
    changed = [edition for batch in batches(pages) for edition in with_other_ends(batch)]
    refresh(pages)
    return Edition.objects.bulk_update(changed, ["live_until"]) if changed else 0


def with_other_ends(pages: list[int]) -> list[Edition]:
    """Return the editions of these pages that end at another moment than is stored; 1 query."""
    rows = (
        Edition.objects.with_start()
        .filter(page__in=pages)
        .order_by("page", "live_from")
        .values_list("page", "pk", "live_from", "live_until")
    )
    changed: list[Edition] = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        editions = list(group)
        starts = [start for _, _, start, _ in editions if start is not None]
        for (_, pk, _, old_end), end in zip(editions, interval_ends(starts), strict=True):
            if end != old_end:
                changed.append(Edition(pk=pk, live_until=end))
    return changed
