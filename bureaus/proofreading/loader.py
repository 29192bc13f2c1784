"""Manuscripts of editions: their words, their parts, and what stands around them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Self

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from bureaus.models import (
    READABLE_ANSWERS,
    Acceptance,
    Answer,
    Document,
    Edition,
    FormerAddress,
    Image,
    Page,
    Part,
)
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.models.addresses import RESERVED_SLUGS
from bureaus.models.pages import branch_end
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, Link, Manuscript
from bureaus.richtext import internal_addresses

Parts = Mapping[type[Part], Iterable[Any]]
PREFETCHED: tuple[tuple[type[Part], str], ...] = (
    (StoredFigure, "figures"),
    (StoredLink, "links"),
    (StoredContact, "contacts"),
)
OPERATOR = "運用の担当者"
NO_WORDS = Value("", CharField())
DOCUMENTS = "/documents/"
INDEX = re.compile(r"index\.html?$")


def manuscript_of(edition: Edition, parts: Parts | None = None) -> Manuscript:
    """
    What `edition` says now, saved or not, with `parts` instead of the stored ones where given.

    2 queries; its page must have been read with it.
    """
    return manuscripts_of([edition], parts)[0]


def manuscripts_of(editions: Sequence[Edition], parts: Parts | None = None) -> list[Manuscript]:
    """
    Those of many editions; `parts`, of all three kinds, are for all of them alike.

    2 queries: for what has been accepted and for parts that are neither given nor prefetched, and
    for what stands around them.
    """
    sources = [parts or prefetched(edition) for edition in editions]
    stored = Stored.of(editions, are_parts_wanted=not all(sources))
    told = [
        given(source) if source else stored.parts[edition.pk]
        for edition, source in zip(editions, sources, strict=True)
    ]
    around = Around.of(editions, [link.target for each in told for link in each.links])
    return [
        written(edition, each, stored.accepted[edition.page_id], around)
        for edition, each in zip(editions, told, strict=True)
    ]


def written(
    edition: Edition, told: "Told", accepted: Mapping[Key, Consent], around: "Around"
) -> Manuscript:
    always: dict[str, Any] = {
        "title": edition.title,
        "note": edition.note,
        "change_note": edition.change_note,
        "kind": edition.page.kind,
        "issued_on": edition.issued_on,
        "accepted": accepted,
    }
    if edition.answer not in READABLE_ANSWERS:  # of which the public sees nothing else
        return Manuscript(**always)
    return Manuscript(
        **always,
        lead=edition.lead,
        body=edition.body,
        figures=tuple(told.figures),
        links=tuple(told.links),
        contacts=tuple(told.contacts),
        siblings=around.siblings_of(edition),
        dead=around.dead,
    )


@dataclass(slots=True)
class Told:
    """The parts of one edition, as a manuscript has them, in their order."""

    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def given(parts: Parts) -> Told:
    return Told(
        [
            Figure(row.alt, row.caption, row.is_decorative, row.image.names)
            for row in parts.get(StoredFigure, ())
        ],
        list(map(link, parts.get(StoredLink, ()))),
        [Contact(row.name) for row in parts.get(StoredContact, ())],
    )


def link(row: StoredLink) -> Link:
    if row.page is not None:
        return Link(row.text, row.page.url_path)
    if row.document is not None:
        return Link(row.text, row.document.get_absolute_url(), is_document=True)
    return Link(row.text, row.url)


def prefetched(edition: Edition) -> Parts:
    """Its parts where all of them are at hand, and otherwise nothing."""
    kept = getattr(edition, "_prefetched_objects_cache", {})
    at_hand = {model: kept[name] for model, name in PREFETCHED if name in kept}
    return at_hand if len(at_hand) == len(PREFETCHED) else {}


COLUMNS = ("sort", "whose", "place", "a", "b", "c", "d", "e")


@dataclass(frozen=True, slots=True)
class Stored:
    """Of editions what their parts say, by edition, and what has been accepted, by page."""

    parts: Mapping[int, Told]
    accepted: Mapping[int, Mapping[Key, Consent]]

    @classmethod
    def of(cls, editions: Sequence[Edition], *, are_parts_wanted: bool) -> Self:
        """1 query for all of it: three kinds of parts and the acceptances, as rows of words."""
        pages = {edition.page_id for edition in editions}
        who = Coalesce("actor__username", Value(OPERATOR))
        accepting = Acceptance.objects.filter(page__in=pages)
        accepted = columns(accepting, "", "page_id", "rule", "quote", "reason", who)
        keys = [edition.pk for edition in editions] if are_parts_wanted else []
        rows = accepted.union(*(part.filter(edition__in=keys) for part in part_rows()), all=True)
        parts: dict[int, Told] = defaultdict(Told)
        found: dict[int, dict[Key, Consent]] = defaultdict(dict)
        for sort, whose, _, *words in sorted(rows):
            match sort:
                case "":
                    rule, quote, reason, who, _ = words
                    found[whose][rule, quote] = Consent(who, reason)
                case "figure":
                    alt, caption, is_decorative, file, name = words
                    files = Image(file=file, name=name).names
                    parts[whose].figures.append(Figure(alt, caption, bool(is_decorative), files))
                case "link":
                    text, page, document, url, _ = words
                    target = page or (f"/{document}" if document else url)
                    parts[whose].links.append(Link(text, target, is_document=bool(document)))
                case "contact":
                    parts[whose].contacts.append(Contact(words[0]))
        return cls(parts, found)


def part_rows() -> Iterator[QuerySet[Any, Any]]:
    mark = Case(When(is_decorative=True, then=Value("x")), default=Value(""))
    figure = ("alt", "caption", mark, "image__file", "image__name")
    yield columns(StoredFigure.objects.all(), "figure", "edition_id", *figure)
    link = ("text", Coalesce("page__url_path", NO_WORDS), Coalesce("document__address", NO_WORDS))
    yield columns(StoredLink.objects.all(), "link", "edition_id", *link, "url")
    yield columns(StoredContact.objects.all(), "contact", "edition_id", "name")


def columns(
    rows: QuerySet[Any], sort: str, whose: str, *words: str | Combinable
) -> QuerySet[Any, Any]:
    """Rows of `COLUMNS`, to be joined with rows of other tables."""
    place = F("position") if sort else Value(0)
    told = [F(each) if isinstance(each, str) else each for each in words]
    told += [NO_WORDS] * (len(COLUMNS) - 3 - len(words))
    named: dict[str, Any] = dict(
        zip(COLUMNS, (Value(sort, CharField()), F(whose), place, *told), strict=True)
    )
    bare: QuerySet[Any, Any] = rows.order_by().select_related(None).annotate(**named)
    return bare.values_list(*COLUMNS)


def above(path: str) -> str:
    return path[: -Page.steplen]


@dataclass(frozen=True, slots=True)
class Around:
    """
    What stands around editions: `titled` are the paths of public pages, by branch and by title.

    `dead` are the addresses inside the site, as they are typed, where nothing is.
    """

    titled: Mapping[tuple[str, str], set[str]]
    dead: frozenset[str]

    @classmethod
    def of(cls, editions: Sequence[Edition], targets: Iterable[str]) -> Self:
        """1 query, of however many editions."""
        typed = dict.fromkeys(addresses_in(editions, targets))
        meant = {address: stored_name(address) for address in typed}
        beside = titles_beside(editions).values_list("page__path", "title")
        rows = beside.union(*map(nameless, found_at(set(meant.values()) - {""})), all=True)
        titled: dict[tuple[str, str], set[str]] = defaultdict(set)
        there = set()
        for path, words in rows:
            if path:
                titled[above(path), words].add(path)
            else:
                there.add(words)
        dead = (address for address, name in meant.items() if name and name not in there)
        return cls(titled, frozenset(dead))

    def siblings_of(self, edition: Edition) -> frozenset[str]:
        """Its own title where a public page beside it has the same."""
        paths = self.titled.get((above(edition.page.path), edition.title), set())
        return frozenset({edition.title} if paths - {edition.page.path} else ())


def nameless(rows: QuerySet[Any, str]) -> QuerySet[Any, Any]:
    """Rows of one name each, as rows of a path and a name."""
    [name] = rows.query.values_select
    named: QuerySet[Any, Any] = rows.order_by().annotate(no_path=Value(""))
    return named.values_list("no_path", name)


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
    return Edition.objects.filter(
        beside,
        live_from__isnull=False,
        live_until=None,
        answer__in=READABLE_ANSWERS,
        title__in={edition.title for edition in editions},
    ).order_by()


def addresses_in(editions: Iterable[Edition], targets: Iterable[str]) -> Iterator[str]:
    """Those inside the site that they lead to, without what follows # and ?."""
    bodies = (
        unescape(match[1]) for edition in editions for match in internal_addresses(edition.body)
    )
    for address in (*bodies, *targets):
        yield address.partition("#")[0].partition("?")[0]


def found_at(sought: set[str]) -> Iterator[QuerySet[Any, str]]:
    """The names among these that are somebody's."""
    gone = Edition.objects.in_force(timezone.now()).filter(answer=Answer.GONE)
    pages = Page.objects.filter(url_path__in=sought).exclude(pk__in=gone.values("page"))
    yield pages.values_list("url_path", flat=True)
    yield FormerAddress.objects.filter(url_path__in=sought).values_list("url_path", flat=True)
    yield Document.objects.filter(address__in=sought).values_list("address", flat=True)


def stored_name(address: str) -> str:
    """The page's or the document's address that `address` means; empty: nobody's to say."""
    if address.startswith(DOCUMENTS):
        return address.removeprefix("/")
    page = INDEX.sub("", address).rstrip("/") + "/"
    names = page.strip("/").split("/")
    is_ours = address.startswith("/") and "." not in page and not RESERVED_SLUGS & set(names)
    return page if is_ours else ""
