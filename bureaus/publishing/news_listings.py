"""Derives the entries of the news lists from editions and placements. Nothing else writes them."""

from collections.abc import Iterable

from bureaus.models import EVENT_CATEGORIES, Edition, Kind, NewsListing
from bureaus.models.batches import batches
from bureaus.models.locks import tree_lock
from bureaus.models.news_listings import expected_listings


def update_news_listings(page_ids: Iterable[int]) -> None:
    """
    List the news items among these pages where they are placed. Inside the action's transaction.

    1 query for every few hundred pages, and 4 where there are news items among them.
    """
    for batch in batches(page_ids):
        editions = Edition.objects.filter(page__in=batch, page__kind=Kind.NEWS_ITEM)
        pages = set(editions.order_by().values_list("page", flat=True))
        if pages:
            NewsListing.objects.filter(page__in=pages).delete()
            NewsListing.objects.bulk_create(expected_listings(pages), batch_size=100)


def complete_news_listings() -> int:
    """
    List anew the events whose entries have no period; how many pages. 1 query where all have one.

    The version before this one knows no period, and so writes none in the entries of what is
    approved or moved during an upgrade (docs/adr/0049).
    """
    lacking = NewsListing.objects.filter(
        event_end=None, edition__event_end__isnull=False, category__in=EVENT_CATEGORIES
    )
    pages = lacking.order_by().values_list("page", flat=True).distinct()
    if not pages.exists():
        return 0
    with tree_lock():
        found = list(pages)
        update_news_listings(found)
    return len(found)
