"""
Derives `live_until` of approved editions and what follows from it.

Actions that make an edition a draft again empty the column themselves.
"""

from collections.abc import Iterable
from itertools import groupby

from bureaus.models import Edition
from bureaus.models.batches import batches
from bureaus.models.intervals import interval_ends
from bureaus.publishing.news_listings import update_news_listings
from bureaus.search import refresh


def update_live_until(page_ids: Iterable[int]) -> int:
    """
    End each approved edition of these pages where the next one begins; return how many changed.

    Inside the transaction that changed a start. 1 query to read and 1 to write for every few
    hundred. Then the search index contains the approved editions alone (`search.refresh`), and the
    news lists the current ones.
    """
    pages = list(page_ids)
    changed = [edition for batch in batches(pages) for edition in with_other_ends(batch)]
    refresh(pages)
    count = Edition.objects.bulk_update(changed, ["live_until"]) if changed else 0
    update_news_listings(pages)
    return count


def with_other_ends(pages: list[int]) -> list[Edition]:
    """Return the editions of these pages whose stored end is another one; 1 query."""
    rows = (
        Edition.objects.with_start()
        .filter(page__in=pages)
        .order_by("page", "live_from")
        .only("page", "live_from", "live_until")
    )
    changed: list[Edition] = []
    for _, group in groupby(rows, key=lambda edition: edition.page_id):
        editions = list(group)
        starts = [edition.live_from for edition in editions if edition.live_from]
        for edition, end in zip(editions, interval_ends(starts), strict=True):
            if edition.live_until != end:
                edition.live_until = end
                changed.append(edition)
    return changed
