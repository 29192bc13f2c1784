"""What stands around editions: pages of the same title beside them, and addresses that are dead."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Self

from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from bureaus.models import Answer, Edition, FormerAddress, Link, Page
from bureaus.models.addresses import RESERVED_SLUGS
from bureaus.models.pages import branch_end
from bureaus.models.visibility import begun
from bureaus.proofreading.stored_rows import Row, Rows, columns
from bureaus.text.html_tree import internal_links

DOCUMENTS = "/documents/"
INDEX = re.compile(r"index\.html?$")
NOBODY = Value(0)


def above(path: str) -> str:
    return path[: -Page.steplen]


@dataclass(frozen=True, slots=True)
class EditionContext:
    """
    What stands around editions: `titled` are the paths of public pages, by branch and by title.

    `dead` are the addresses inside the site, as they are typed, that lead to nothing public: what
    is a draft or booked is there for nobody, so that the address of one teaches nothing.
    """

    titled: Mapping[tuple[str, str], set[str]]
    dead: frozenset[str]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Row]], meant: Mapping[str, str]) -> Self:
        """Of what was read with `around_rows`."""
        titled: dict[tuple[str, str], set[str]] = defaultdict(set)
        for _, _, path, title, *_ in rows.get("beside", ()):
            titled[above(path), title].add(path)
        there = {name for _, _, name, *_ in rows.get("there", ())}
        dead = (address for address, name in meant.items() if name and name not in there)
        return cls(titled, frozenset(dead))

    def siblings_of(self, edition: Edition) -> frozenset[str]:
        """Its own title where a public page beside it has the same."""
        paths = self.titled.get((above(edition.page.path), edition.title), set())
        return frozenset({edition.title} if paths - {edition.page.path} else ())


def meant_by(editions: Iterable[Edition], targets: Iterable[str]) -> dict[str, str]:
    """The addresses that they lead to, as they are typed, and as they are stored."""
    return {address: stored_name(address) for address in addresses_in(editions, targets)}


def around_rows(editions: Sequence[Edition], meant: Mapping[str, str]) -> Iterator[Rows]:
    yield columns(titles_beside(editions), "beside", "page_id", "page__path", "title")
    sought = set(meant.values()) - {""}
    if not sought:
        return
    now = timezone.now()
    public = Edition.objects.in_force(now).exclude(answer=Answer.GONE)
    pages = public.filter(page__url_path__in=sought)
    yield columns(pages, "there", NOBODY, "page__url_path")
    formers = FormerAddress.objects.filter(url_path__in=sought, page__in=public.values("page"))
    yield columns(formers, "there", NOBODY, "url_path")
    linked = Link.objects.filter(begun(now, "edition__"), document__address__in=sought)
    yield columns(linked, "there", NOBODY, "document__address")


def titles_beside(editions: Sequence[Edition]) -> QuerySet[Edition]:
    """The editions that stand public, with one of these titles, somewhere beside these pages."""
    branches = defaultdict(list)
    for edition in editions:
        if edition.page.depth > 1 and edition.title:
            branches[edition.page.depth].append(above(edition.page.path))
    beside = Q(pk__in=[])
    for depth, parents in branches.items():
        ends = {"page__path__gt": min(parents), "page__path__lt": branch_end(max(parents))}
        beside |= Q(page__depth=depth, **ends)
    standing = Edition.objects.with_start().readable().filter(live_until=None)
    titles = {edition.title for edition in editions}
    return standing.filter(beside, title__in=titles).order_by()


def addresses_in(editions: Iterable[Edition], targets: Iterable[str]) -> Iterator[str]:
    """Those inside the site that they lead to, without what follows # and ?."""
    bodies = (unescape(match[1]) for edition in editions for match in internal_links(edition.body))
    for address in (*bodies, *targets):
        yield address.partition("#")[0].partition("?")[0]


def stored_name(address: str) -> str:
    """The page's or the document's address that `address` means; empty: nobody's to say."""
    if address.startswith(DOCUMENTS):
        return address.removeprefix("/")
    page = INDEX.sub("", address).rstrip("/") + "/"
    names = page.strip("/").split("/")
    is_ours = address.startswith("/") and "." not in page and not RESERVED_SLUGS & set(names)
    return page if is_ours else ""
