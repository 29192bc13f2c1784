"""
Pages that are called so: found by title or address, in the public's index and the officer's drafts.

The index holds what has been approved. What is in work is little, and is looked at one by one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bureaus.models import Edition, Page
from bureaus.models.visibility import visible_pages
from bureaus.permissions import Grants
from bureaus.search import ParsedQuery, matching_by_title, matching_editions, parse_query, synonyms
from bureaus.text.words import fold, parse_typed_query

MOST = 2_000  # pages that are listed; where there are more, each page in turn is asked
WORDS = 8  # of an address
OF_ADDRESSES = re.compile(r"[a-z0-9/_.-]+")


def title_condition(words: str, grants: Grants, now: datetime) -> Q:
    """
    The condition for pages with every word in the title, or every word in the address.

    Of titles that in force, and where he keeps the branch also those booked or in work; true only
    of pages that he may know of. At most 4 queries. Few are a list of keys; many are left to who
    walks along the pages, and finds enough of them soon.
    """
    looked_for = parse_query(parse_typed_query(words), synonyms())
    if not looked_for.all_of:
        return Q(pk__in=[])
    of_drafts = Q(pk__in=set(in_work(looked_for, grants)))
    return of_drafts | by_title(looked_for, grants, now) | by_address(words, grants, now)


def by_title(looked_for: ParsedQuery, grants: Grants, now: datetime) -> Q:
    """1 query."""
    editions = approved_titles(grants, now)
    found = matching_editions(editions, looked_for, in_titles=True)
    keys = found.values_list("page", flat=True)[: MOST + 1]
    if len(keys) <= MOST:
        return Q(pk__in=set(keys))
    return Q(Exists(matching_by_title(editions.filter(page=OuterRef("pk")), looked_for)))


def approved_titles(grants: Grants, now: datetime) -> QuerySet[Edition]:
    """Those that the public reads, and in his branches those to come."""
    return Edition.objects.not_ended(now).with_start().visible_to(grants, now)


def in_work(looked_for: ParsedQuery, grants: Grants) -> Iterator[int]:
    """The pages of his branches with a draft that is called so. 1 query, none without a branch."""
    if not (grants.branches or grants.is_unlimited):
        return
    own = Edition.objects.open().filter(grants.in_branches(prefix="page__"))
    titles = own.values_list("page", "title", "title_reading", "title_english")
    for page, *texts in titles.order_by():
        if looked_for.matches("\n".join(map(fold, texts))):
            yield page


def by_address(words: str, grants: Grants, now: datetime) -> Q:
    """1 query, none where no address holds such characters."""
    parts = unicodedata.normalize("NFKC", words).lower().split()[:WORDS]
    if not all(map(OF_ADDRESSES.fullmatch, parts)):
        return Q(pk__in=[])
    holds = holding(parts)
    keys = Page.objects.filter(holds).order_by().values_list("pk", flat=True)[: MOST + 1]
    few = Q(pk__in=set(keys)) if len(keys) <= MOST else holds
    return few & visible_pages(grants, now)


def holding(parts: Iterable[str]) -> Q:
    condition = Q()
    for part in parts:
        condition &= Q(url_path__contains=part)
    return condition
