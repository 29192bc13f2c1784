"""Derives the entries of the news lists from editions and placements. Nothing else writes them."""

from collections.abc import Iterable

from bureaus.models import Edition, Kind, NewsListing
from bureaus.models.batches import batches
from bureaus.models.news_listings import expected_listings


def update_news_listings(page_ids: Iterable[int]) -> None:
    """
    List the news items among these pages where they stand. Inside the action's transaction.

    1 query for every few hundred pages, and 4 where there are news items among them.
    """
    for batch in batches(page_ids):
        editions = Edition.objects.filter(page__in=batch, page__kind=Kind.NEWS_ITEM)
        pages = set(editions.order_by().values_list("page", flat=True))
        if pages:
            NewsListing.objects.filter(page__in=pages).delete()
            NewsListing.objects.bulk_create(expected_listings(pages), batch_size=100)
