"""
A naive oracle of the tree in time: what was requested, in plain dictionaries, and recursion.

It imports nothing of the site. What an address answers is said here a second time, in the words of
the decision about placements (docs/adr/0032), without nodes, paths, intervals or statements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

READABLE = {"current", "archived"}
DEEPEST = 63


class Place(NamedTuple):
    """
    The page is below `parent` with `slug` from `moment` on.

    It came to `parent` at `arrived`, by the request `number`; a rename keeps both.
    """

    moment: datetime
    parent: int | None
    slug: str
    arrived: datetime
    number: int
    token: str = ""


class Text(NamedTuple):
    """
    The page says this from `moment` on.

    `target` is where it has moved to; `issued` is the date of news.
    """

    moment: datetime
    answer: str
    title: str
    target: int | None = None
    issued: date | None = None


class Order(NamedTuple):
    """The pages below a page have this order from `moment` on."""

    moment: datetime
    children: tuple[int, ...]
    number: int
    token: str = ""


class Holding(NamedTuple):
    """A page has an address from `start` until `end`; None is open."""

    start: datetime
    end: datetime | None
    page: int


class Span(NamedTuple):
    start: datetime
    end: datetime | None
    address: str


Dated = TypeVar("Dated", Place, Text, Order)


def latest(entries: Sequence[Dated], at: datetime) -> Dated | None:
    """Return the last requested of those with the last moment until `at`."""
    return next((entry for entry in reversed(entries) if entry.moment <= at), None)


@dataclass
class Oracle:
    """All that was requested and not refused, by the number of the page."""

    kinds: dict[int, str] = field(default_factory=dict)
    places: dict[int, list[Place]] = field(default_factory=dict)
    texts: dict[int, list[Text]] = field(default_factory=dict)
    orders: dict[int, list[Order]] = field(default_factory=dict)
    former: dict[str, int] = field(default_factory=dict)
    under: dict[int, set[int]] = field(default_factory=dict)  # whatever was below, at any moment
    faults: list[str] = field(default_factory=list)
    number: int = 0

    @property
    def root(self) -> int:
        return next(page for page, places in self.places.items() if places[0].parent is None)

    def add(self, page: int, kind: str, parent: int | None, slug: str, at: datetime) -> None:
        self.number += 1
        self.kinds[page] = kind
        self.texts[page] = []
        self.places[page] = [Place(at, parent, slug, at, self.number)]
        if parent is not None:
            self.under.setdefault(parent, set()).add(page)

    def place(
        self, page: int, parent: int | None, slug: str, at: datetime, token: str = ""
    ) -> None:
        """Move the page below `parent`, or rename it there."""
        self.number += 1
        then = Then(self, at)
        for below in then.branch(page):
            if self.places[below][-1].moment > at:
                self.faults.append(f"{below} is placed at {at}, before what is booked for it")
        here = then.place(page)
        assert here is not None
        arrival = (here.arrived, here.number) if here.parent == parent else (at, self.number)
        self.places[page].append(Place(at, parent, slug, *arrival, token))
        if parent is not None:
            self.under.setdefault(parent, set()).add(page)

    def reorder(self, parent: int, children: Sequence[int], at: datetime, token: str = "") -> None:
        self.number += 1
        orders = self.orders.setdefault(parent, [])
        orders.append(Order(at, tuple(children), self.number, token))

    def cancel(self, token: str) -> None:
        for places in self.places.values():
            places[:] = [entry for entry in places if entry.token != token]
        for orders in self.orders.values():
            orders[:] = [entry for entry in orders if entry.token != token]

    def say(self, page: int, text: Text) -> None:
        self.texts[page].append(text)

    def withdraw(self, page: int, at: datetime) -> None:
        """Cancel the text booked for `at`."""
        self.texts[page] = [text for text in self.texts[page] if text.moment != at]

    def discard(self, page: int) -> None:
        for known in (self.kinds, self.texts, self.places):
            del known[page]
        for children in self.under.values():
            children.discard(page)
        self.former = {address: to for address, to in self.former.items() if to != page}

    # Over all moments

    def spans(self, page: int) -> list[Span]:
        """Return every address of the page, in order."""
        found: list[Span] = []
        for entry, end in with_ends(self.places[page]):
            above = [Span(entry.moment, end, "")]
            if entry.parent is not None:
                above = list(clipped(self.spans(entry.parent), entry.moment, end))
            found += [
                Span(start, until, f"{address}{entry.slug}/") for start, until, address in above
            ]
        return found

    @cached_property
    def holdings(self) -> dict[str, list[Holding]]:
        """All pages that ever have each address, in the order of time. For a finished oracle."""
        found: dict[str, list[Holding]] = {}
        for page in self.places:
            for start, end, address in self.spans(page):
                found.setdefault(address, []).append(Holding(start, end, page))
        for holdings in found.values():
            holdings.sort()
        return found

    def boundaries(self, address: str) -> set[datetime]:
        """Return the moments at which the answer of `address` may change."""
        moments: set[datetime] = set()
        pages = {each.page for each in self.holdings.get(address, ())}
        for page in pages | {self.former[address]} if address in self.former else pages:
            moments |= {start for start, _, _ in self.spans(page)}
            moments |= {text.moment for text in self.texts[page]}
            moments |= {order.moment for order in self.orders.get(page, ())}
            for child in self.under.get(page, ()):
                moments |= {entry.moment for entry in self.places[child]}
                moments |= {text.moment for text in self.texts[child]}
        return moments

    def all_boundaries(self) -> list[datetime]:
        kinds = (self.places, self.texts, self.orders)
        return sorted(
            {entry.moment for known in kinds for rows in known.values() for entry in rows}
        )

    def broken_invariants(self) -> list[str]:
        """Return what is wrong with the requests that the site has accepted, at any moment."""
        changing: dict[datetime, set[int]] = {}
        for page, places in self.places.items():
            own = {entry.moment for entry in places} | {text.moment for text in self.texts[page]}
            for entry in places:
                if entry.parent is not None:
                    own |= {text.moment for text in self.texts[entry.parent]}
            for moment in own:
                changing.setdefault(moment, set()).add(page)
        faults = list(self.faults)
        for moment, pages in changing.items():
            then = Then(self, moment)
            faults += [fault for page in pages for fault in then.faults(page)]
        return faults


def with_ends(places: Sequence[Place]) -> Iterator[tuple[Place, datetime | None]]:
    """Yield each place with its end, without those that were replaced for the same moment."""
    ends = [*(entry.moment for entry in places[1:]), None]
    for entry, end in zip(places, ends, strict=True):
        if end is None or end > entry.moment:
            yield entry, end


def clipped(spans: Sequence[Span], start: datetime, end: datetime | None) -> Iterator[Span]:
    for span in spans:
        begins = max(span.start, start)
        ends = min((each for each in (span.end, end) if each is not None), default=None)
        if ends is None or begins < ends:
            yield Span(begins, ends, span.address)


class Then:
    """The tree at the moment `at`."""

    def __init__(self, oracle: Oracle, at: datetime) -> None:
        self.oracle = oracle
        self.at = at
        self.addresses: dict[int, str | None] = {}
        self.slugs: dict[int, dict[str, int]] = {}
        self.orders: dict[int, list[int]] = {}

    def place(self, page: int) -> Place | None:
        return latest(self.oracle.places[page], self.at)

    def text(self, page: int) -> Text | None:
        """Return what the page says, if it is public."""
        return latest(self.oracle.texts[page], self.at)

    def is_readable(self, page: int) -> bool:
        text = self.text(page)
        return text is not None and text.answer in READABLE

    def is_listed(self, page: int) -> bool:
        text = self.text(page)
        return text is not None and text.answer == "current"

    def parent(self, page: int) -> int | None:
        place = self.place(page)
        return place.parent if place else None

    def ancestors(self, page: int) -> list[int]:
        """Return the pages above, from the root down."""
        line: list[int] = []
        above = self.parent(page)
        while above is not None:
            line.insert(0, above)
            assert len(line) < DEEPEST, "a page is below itself"
            above = self.parent(above)
        return line

    def address(self, page: int) -> str | None:
        if page not in self.addresses:
            place = self.place(page)
            self.addresses[page] = None if place is None else self.address_of(place)
        return self.addresses[page]

    def address_of(self, place: Place) -> str | None:
        above = "" if place.parent is None else self.address(place.parent)
        return None if above is None else f"{above}{place.slug}/"

    def standing_below(self, page: int) -> list[int]:
        known = sorted(self.oracle.under.get(page, ()))  # a seed gives the same site everywhere
        return [child for child in known if self.parent(child) == page]

    def branch(self, page: int) -> list[int]:
        below = [each for child in self.standing_below(page) for each in self.branch(child)]
        return [page, *below]

    def page_at(self, address: str) -> int | None:
        page = self.oracle.root
        if self.place(page) is None:
            return None
        for slug in address.strip("/").split("/") if address != "/" else ():
            if page not in self.slugs:
                self.slugs[page] = {
                    place.slug: child
                    for child in self.standing_below(page)
                    if (place := self.place(child))
                }
            found = self.slugs[page].get(slug)
            if found is None:
                return None
            page = found
        return page

    def in_order(self, page: int) -> list[int]:
        """
        Return all pages below, as last ordered.

        Those that came since follow in the order in which that was requested.
        """
        if page not in self.orders:
            order = latest(self.oracle.orders.get(page, ()), self.at)

            def rank(child: int) -> tuple[int, int]:
                place = self.place(child)
                assert place is not None
                is_named = (
                    order is not None
                    and child in order.children
                    and place.arrived <= order.moment
                    and place.number < order.number
                )
                if order is not None and is_named:
                    return 0, order.children.index(child)
                return 1, place.number

            self.orders[page] = sorted(self.standing_below(page), key=rank)
        return self.orders[page]

    def listed(self, page: int, *kinds: str) -> list[int]:
        return [
            child
            for child in self.in_order(page)
            if self.oracle.kinds[child] in kinds and self.is_listed(child)
        ]

    def faults(self, page: int) -> Iterator[str]:
        """Yield the invariants that the page breaks."""
        place = self.place(page)
        if place is None:
            if self.text(page) is not None:
                yield f"{page} is public at {self.at}, and nowhere"
            return
        if place.parent is None:
            return
        if self.address(place.parent) is None:
            yield f"{page} is below {place.parent} at {self.at}, which is nowhere"
        if page in self.ancestors(page):
            yield f"{page} is below itself at {self.at}"
        if self.page_at(self.address(page) or "") != page:
            yield f"{page} shares {self.address(page)} at {self.at}"
        if self.is_readable(page) and not self.is_readable(place.parent):
            yield f"{page} is public at {self.at}, and {place.parent} above it is not"
