"""The context of editions: siblings with the same title, and addresses that lead nowhere."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Self

from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from bureaus.models import Answer, Edition, FormerAddress, Link, Placement
from bureaus.models.addresses import RESERVED_SLUGS
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.placements import STEP, branch_end
from bureaus.models.visibility import At, begun
from bureaus.proofreading.stored_rows import (
    NOW,
    PAGE,
    Row,
    Rows,
    accepted_rows,
    as_rows,
    by_table,
    house_word_rows,
    union_of,
)
from bureaus.text.html_tree import internal_links

DOCUMENTS = "/documents/"
INDEX = re.compile(r"index\.html?$")
NO_OWNER = Value(0)
PARENT, END, TITLE, LAST_TITLE = (
    Parameter(name, CharField()) for name in ("parent", "end", "title", "last_title")
)


def parent_path(path: str) -> str:
    return path[:-STEP]


@dataclass(frozen=True, slots=True)
class EditionContext:
    """
    The context of editions: `paths_by_title` are those of public pages, by parent and title.

    `broken_addresses` are the typed addresses inside the site that lead to nothing public. Drafts
    and booked pages count as missing, so that their addresses cannot be guessed.
    """

    paths_by_title: Mapping[tuple[str, str], set[str]]
    broken_addresses: frozenset[str]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Row]], targets: Mapping[str, str]) -> Self:
        """Return the context from the rows of `context_rows`."""
        paths_by_title: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows.get("sibling", ()):
            path, title = row.text0, row.text1
            paths_by_title[parent_path(path), title].add(path)
        public = {row.text0 for row in rows.get("public", ())}
        broken = (address for address, name in targets.items() if name and name not in public)
        return cls(paths_by_title, frozenset(broken))

    def sibling_titles(self, edition: Edition) -> frozenset[str]:
        """Return its own title where a public sibling has the same."""
        node = edition.page.placement
        paths = self.paths_by_title.get((node.parent_path, edition.title), set())
        return frozenset({edition.title} if paths - {node.path} else ())


def internal_targets(editions: Iterable[Edition], links: Iterable[str]) -> dict[str, str]:
    """Return the addresses that editions and links lead to, as typed and as stored."""
    return {address: stored_name(address) for address in addresses_in(editions, links)}


def context_rows(editions: Sequence[Edition], targets: Mapping[str, str]) -> Iterator[Rows]:
    yield sibling_rows(sibling_editions(editions))
    names = set(targets.values()) - {""}
    if not names:
        return
    now = timezone.now()
    public = Edition.objects.in_force(now).exclude(answer=Answer.GONE)
    pages = public.placed(now).filter(placement__url_path__in=names)
    yield as_rows(pages, "public", NO_OWNER, "placement__url_path")
    earlier = Placement.objects.begun(now).filter(
        url_path__in=names, live_until__lte=now, page__in=public.values("page")
    )
    yield as_rows(earlier, "public", NO_OWNER, "url_path")
    formers = FormerAddress.objects.filter(url_path__in=names, page__in=public.values("page"))
    yield as_rows(formers, "public", NO_OWNER, "url_path")
    linked = Link.objects.filter(begun(now, "edition__"), document__address__in=names)
    yield as_rows(linked, "public", NO_OWNER, "document__address")


def sibling_rows(editions: QuerySet[Edition]) -> Rows:
    return as_rows(editions, "sibling", "page_id", "placement__path", "title")


def context_of_page(editions: Sequence[Edition], *, with_acceptances: bool) -> dict[str, list[Row]]:
    """Return the rows of one or two editions that lead nowhere inside the site; 1 query at most."""
    node = editions[0].page.placement
    titles = [edition.title for edition in editions if edition.title] if node.depth > 1 else []
    if not with_acceptances and not titles:
        return {}
    statement = ACCEPTED_AND_SIBLINGS if with_acceptances else SIBLINGS
    return by_table(
        statement(
            page=editions[0].page_id,
            now=timezone.now(),
            parent=node.parent_path,
            end=branch_end(node.parent_path) if titles else "",
            depth=node.depth,
            title=titles[0] if titles else "",
            last_title=titles[-1] if titles else "",
        )
    )


def siblings_of_page() -> Rows:
    branch = {"placement__path__gt": PARENT, "placement__path__lt": END}
    depth = Parameter("depth", IntegerField())
    siblings = current_editions(NOW).filter(placement__depth=depth, **branch)
    return sibling_rows(siblings.filter(Q(title=TITLE) | Q(title=LAST_TITLE)).order_by())


# The best plan depends on the branch: docs/adr/0025.
SIBLINGS = Compiled(Row, siblings_of_page, is_prepared=False)
ACCEPTED_AND_SIBLINGS = Compiled(
    Row,
    lambda: union_of([accepted_rows(Q(page=PAGE)), house_word_rows(), siblings_of_page()]),
    is_prepared=False,
)


def current_editions(now: At) -> QuerySet[Any, Any]:
    """The last readable edition of each page, with where the page is."""
    return Edition.objects.with_start().readable().filter(live_until=None).placed(now)


def sibling_editions(editions: Sequence[Edition]) -> QuerySet[Edition]:
    """Return public editions with one of these titles in the branches of these pages."""
    branches = defaultdict(list)
    for edition in editions:
        node = edition.page.placement
        if node.depth > 1 and edition.title:
            branches[node.depth].append(node.parent_path)
    in_branches = Q(pk__in=[])
    for depth, parents in branches.items():
        ends = {
            "placement__path__gt": min(parents),
            "placement__path__lt": branch_end(max(parents)),
        }
        in_branches |= Q(placement__depth=depth, **ends)
    current = current_editions(timezone.now())
    titles = {edition.title for edition in editions}
    siblings: QuerySet[Edition] = current.filter(in_branches, title__in=titles).order_by()
    return siblings


def addresses_in(editions: Iterable[Edition], links: Iterable[str]) -> Iterator[str]:
    """Yield the targets of links in bodies and of `links`, without fragment and query."""
    bodies = (unescape(match[1]) for edition in editions for match in internal_links(edition.body))
    for address in (*bodies, *links):
        yield address.partition("#")[0].partition("?")[0]


def stored_name(address: str) -> str:
    """Return the address of a page or document as stored; empty for any other address."""
    if address.startswith(DOCUMENTS):
        return address.removeprefix("/")
    page = INDEX.sub("", address).rstrip("/") + "/"
    names = page.strip("/").split("/")
    is_page = address.startswith("/") and "." not in page and not RESERVED_SLUGS & set(names)
    return page if is_page else ""
