"""The pages that a fixture names: by their keys, or by their addresses."""

from collections.abc import Collection, Iterable

from bureaus.loading.fixture_records import Record
from bureaus.models import Page
from bureaus.models.batches import batches
from bureaus.models.placements import pages_at


def stored_pages(names: Collection[str], short: Collection[str]) -> dict[str, Page]:
    """
    Return the stored pages with these names. 2 queries a batch.

    A name is a key, as dumps have it. Where no page has it, and in a fixture that has a page in
    the `short` form under it, it is the address of a page now.
    """
    found = {
        page.key: page
        for batch in batches(sorted(set(names) - set(short)))
        for page in Page.objects.filter(key__in=batch)
    }
    return {**pages_at(sorted(set(names) - found.keys())), **found}


def short_names(records: Iterable[Record]) -> set[str]:
    """Return the names of the pages in the short form."""
    return {record.fields["key"] for record in records if record.is_short and not record.is_implied}
