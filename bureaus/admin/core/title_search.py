"""
Find pages by title, address or text: in the search index and in the officer's open editions.

The index contains approved editions. Open editions are compared one by one: the titles of all,
the texts of the newest.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from bureaus.models import Edition, Placement
from bureaus.models.visibility import not_hidden, visible_pages
from bureaus.permissions import Grants
from bureaus.reading.hidden import uses_hidden_files
from bureaus.search import (
    MatchingDrafts,
    ParsedQuery,
    matching_by_title,
    matching_editions,
    pages_of_matching_drafts,
    parse_query,
    synonyms,
)
from bureaus.text.words import fold, parse_typed_query

MOST = 2_000  # keys in a condition; a larger result is a subquery
WORDS = 8  # of an address
OF_ADDRESSES = re.compile(r"[a-z0-9/_.-]+")


def title_condition(words: str, grants: Grants, now: datetime) -> Q:
    """
    Return the condition for visible placed pages with every word in the title or in the address.

    Titles in force count, in the officer's branches also booked and open ones. At most 4 queries.
    A small result is a list of keys; a large one is a subquery, since a walk along the pages soon
    finds enough of them.
    """
    parsed_query = parse_query(parse_typed_query(words), synonyms())
    if not parsed_query.all_of:
        return Q(pk__in=[])
    of_drafts = Q(pk__in=set(pages_with_open_title(parsed_query, grants)))
    return of_drafts | by_title(parsed_query, grants, now) | by_address(words, grants, now)


class TextCondition(NamedTuple):
    """A condition for pages. `is_cut`: there are more drafts than those whose text is compared."""

    pages: Q
    is_cut: bool = False


def text_condition(words: str, grants: Grants, now: datetime) -> TextCondition:
    """
    Return the same condition for every word anywhere in the text, its parts and documents.

    At most 7 queries. Of more than MOST pages the newest are found, and all by title and address;
    so are the pages of drafts, where there are more than are compared.
    """
    parsed_query = parse_query(parse_typed_query(words), synonyms())
    if not parsed_query.all_of:
        return TextCondition(Q(pk__in=[]))
    approved = approved_titles(grants, now).filter(readable_texts(grants))
    found = matching_editions(approved, parsed_query)
    keys = set(found.values_list("page", flat=True)[: MOST + 1])
    drafts = matching_drafts(parsed_query, grants)
    condition = Q(pk__in=keys | drafts.pages)
    if len(keys) > MOST:
        condition |= by_title(parsed_query, grants, now)
    return TextCondition(condition | by_address(words, grants, now), drafts.is_cut)


def readable_texts(grants: Grants) -> Q:
    """
    The condition for editions all of whose words the officer may read.

    The index keeps what an urgent proposal to seal hides; only its own branch may find it.
    """
    if grants.is_unlimited:
        return Q()
    return grants.in_branches(prefix="page__") | (not_hidden() & ~uses_hidden_files())


def matching_drafts(parsed_query: ParsedQuery, grants: Grants) -> MatchingDrafts:
    """Return the pages of the officer's open editions that match. 2 queries, 3 where it is cut."""
    if not grants.has_any_role:
        return MatchingDrafts(set())
    found = pages_of_matching_drafts(open_editions(grants), parsed_query)
    if not found.is_cut:
        return found
    return found._replace(pages=found.pages | set(pages_with_open_title(parsed_query, grants)))


def open_editions(grants: Grants) -> QuerySet[Edition]:
    return Edition.objects.open().filter(grants.in_branches(prefix="page__"))


def by_title(parsed_query: ParsedQuery, grants: Grants, now: datetime) -> Q:
    """1 query."""
    editions = approved_titles(grants, now)
    found = matching_editions(editions, parsed_query, in_titles=True)
    keys = found.values_list("page", flat=True)[: MOST + 1]
    if len(keys) <= MOST:
        return Q(pk__in=set(keys))
    return Q(Exists(matching_by_title(editions.filter(page=OuterRef("pk")), parsed_query)))


def approved_titles(grants: Grants, now: datetime) -> QuerySet[Edition]:
    """Return the editions in force, and the booked ones of the officer's branches."""
    return Edition.objects.not_ended(now).with_start().visible_to(grants, now)


def pages_with_open_title(parsed_query: ParsedQuery, grants: Grants) -> Iterator[int]:
    """Yield the pages with an open edition of that title. 1 query, none without a branch."""
    if not grants.has_any_role:
        return
    titles = open_editions(grants).values_list("page", "title", "title_reading", "title_english")
    for page, *texts in titles.order_by():
        if parsed_query.matches("\n".join(map(fold, texts))):
            yield page


def by_address(words: str, grants: Grants, now: datetime) -> Q:
    """1 query, none where no address has such characters."""
    parts = unicodedata.normalize("NFKC", words).lower().split()[:WORDS]
    if not all(map(OF_ADDRESSES.fullmatch, parts)):
        return Q(pk__in=[])
    nodes = Placement.objects.in_force(now).filter(address_contains(parts)).order_by()
    keys = nodes.values_list("page", flat=True)[: MOST + 1]
    few = Q(pk__in=set(keys)) if len(keys) <= MOST else Q(Exists(nodes.filter(page=OuterRef("pk"))))
    return few & visible_pages(grants, now, is_placed=True)


def address_contains(parts: Iterable[str]) -> Q:
    condition = Q()
    for part in parts:
        condition &= Q(url_path__contains=part)
    return condition
