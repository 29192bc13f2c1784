"""
Random changes of the tree in time, done to the site and told to an oracle, and the comparison.

Whether an action is allowed the site decides; what every address then answers, at every moment,
the oracle knows by itself.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from bureaus import search
from bureaus.integrity import problems
from bureaus.models import (
    CATEGORIES_OF,
    IN_THE_TREE,
    KINDS_UNDER,
    Answer,
    AuditEntry,
    Edition,
    FormerAddress,
    Kind,
    NewsListing,
    Page,
    Placement,
    SiblingPosition,
    State,
)
from bureaus.publishing import (
    Blocked,
    add,
    approve,
    cancel_booking,
    discard,
    edit,
    move,
    rename,
    start_draft,
    submit,
)
from bureaus.publishing.actions.tree import cancel_change, reorder
from bureaus.publishing.news_listings import update_news_listings
from bureaus.reading import Gone, Missing, Moment, Moved, PageAnswer, PageView, answer_page
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import BEGINNING, place_all
from tests.helpers.tree_oracle import Oracle, Text, Then

FOUNDED = BEGINNING  # of every page before the actions
START = datetime(2027, 1, 4, 9, tzinfo=TOKYO)  # of the actions
SECOND = timedelta(seconds=1)
CHECKED_EVERY = 50  # actions
ATTEMPTS = 40  # refused in sequence, before the drill gives up
LEAD = "この資料の内容を説明します。"
FANOUT = 40  # pages below one when the site is founded; a list holds 500


class Clock:
    """What `timezone.now` returns while it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    @contextmanager
    def set(self) -> Iterator[None]:
        with patch("django.utils.timezone.now", self):
            yield


@dataclass(frozen=True, slots=True)
class Booking:
    """`release`: of a change of the tree; else `edition`, with those pages, of texts."""

    page: int
    start: datetime
    release: str = ""
    edition: int = 0


def title_of(page: int, number: int) -> str:
    return f"資料{page}の第{number}案"


@dataclass
class Drill:
    """A site of `size` pages, and the actions that the dice choose."""

    size: int
    seed: int
    clock: Clock = field(default_factory=lambda: Clock(START))
    oracle: Oracle = field(default_factory=Oracle)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    bookings: list[Booking] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)  # booked before: some begin together
    hot: list[int] = field(default_factory=list)
    restored: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    # The site before the actions

    def found(self) -> None:
        kinds = self.planned()
        pages = place_all(kinds, start=FOUNDED)
        keys = {page.key: page.pk for page in pages}
        drafts: set[str] = set()
        editions = []
        for page in pages:
            parent = page.key[: page.key.rstrip("/").rfind("/") + 1] if page.key != "/" else None
            is_draft = parent in drafts or (page.key != "/" and self.dice.random() < 0.02)
            if is_draft:
                drafts.add(page.key)
            above = keys[parent] if parent else None
            slug = page.key.rstrip("/").rpartition("/")[2]
            self.oracle.add(page.pk, str(page.kind), above, slug, FOUNDED)
            editions.append(self.first_edition(page, is_public=not is_draft))
        Edition.objects.bulk_create(editions, batch_size=500)
        update_news_listings(page.pk for page in pages)
        search.rebuild(lambda _done, _all: None)
        for number, page in enumerate(self.dice.sample(pages[1:], min(20, len(pages) - 1))):
            address = f"/old/{number}/"
            FormerAddress.objects.create(url_path=address, page=page)
            self.oracle.former[address] = page.pk

    def planned(self) -> Mapping[str, Kind]:
        """Return the kinds of `size` pages by their addresses, parents first."""
        kinds = {"/": Kind.ORGANISATION}
        open_: list[str] = ["/"]
        below: Counter[str] = Counter()
        while len(kinds) < self.size:
            parent = open_[min(len(open_) - 1, int(self.dice.expovariate(1) * len(open_) / 3))]
            limit = FANOUT if parent != "/" else 12
            if below[parent] >= limit or parent.count("/") > 9:
                open_.remove(parent)
                continue
            kind = self.dice.choice([*sorted(KINDS_UNDER[kinds[parent]]), Kind.PAGE])
            if kind not in KINDS_UNDER[kinds[parent]]:
                continue
            below[parent] += 1
            address = f"{parent}p{below[parent]}/"
            kinds[address] = kind
            if kind != Kind.NEWS_ITEM:
                open_.append(address)
        return dict(sorted(kinds.items(), key=lambda item: item[0].count("/")))

    def first_edition(self, page: Page, *, is_public: bool) -> Edition:
        title = title_of(page.pk, 1)
        issued = FOUNDED.date() if page.kind == Kind.NEWS_ITEM else None
        if is_public:
            self.oracle.say(page.pk, Text(FOUNDED, "current", title, issued=issued))
        return Edition(
            page=page,
            number=1,
            state=State.APPROVED if is_public else State.DRAFT,
            live_from=FOUNDED if is_public else None,
            title=title,
            lead=LEAD,
            category=CATEGORIES_OF[Kind(page.kind)][0],
            issued_on=issued,
        )

    # The actions

    def run(self, actions: int, report: Callable[[str], None] = lambda _: None) -> None:
        """Do so many actions, hours apart; `report` how far they are."""
        kinds: dict[Callable[[], None], int] = {
            self.add_page: 5,
            self.move_now: 4,
            self.move_later: 6,
            self.rename_now: 4,
            self.rename_later: 5,
            self.reorder_now: 3,
            self.reorder_later: 4,
            self.approve_now: 4,
            self.approve_later: 4,
            self.cancel_tree: 4,
            self.cancel_text: 2,
            self.discard_draft: 1,
            self.book_and_cancel: 3,
        }
        attempts = 0
        while self.done.total() < actions:
            self.clock.at += timedelta(minutes=self.dice.randrange(20, 600))
            action = self.dice.choices([*kinds], [*kinds.values()])[0]
            before = self.done.total()
            try:
                with transaction.atomic():
                    action()
            except Blocked as refusal:
                attempts += 1
                self.refused.update({str(each.code) for each in refusal.blockers})
                if attempts > ATTEMPTS * actions:
                    raise AssertionError(f"refused too often: {self.refused}") from refusal
            if self.done.total() > before and self.done.total() % CHECKED_EVERY == 0:
                self.check()
                report(f"{self.done.total()} actions")

    def check(self) -> None:
        found = problems()
        assert found == [], f"after {self.done.total()} actions at {self.clock.at}: {found[:5]}"

    def any_page(self) -> int:
        """Half of the time one that was changed before, or stands near it."""
        if self.hot and self.dice.random() < 0.6:
            page = self.dice.choice(self.hot)
            near = [page, *Then(self.oracle, self.clock.at).ancestors(page)[-1:]]
            near += list(self.oracle.under.get(page, ()))[:5]
            page = self.dice.choice(near)
        else:
            page = self.dice.choice([*self.oracle.kinds])
        return page if page in self.oracle.kinds else self.oracle.root

    def later(self) -> datetime:
        """A moment to book, now and then one that was booked before."""
        known = [moment for moment in self.moments if moment > self.clock.at]
        if known and self.dice.random() < 0.3:
            return self.dice.choice(known)
        moment = self.clock.at + timedelta(minutes=self.dice.randrange(30, 60 * 24 * 40))
        self.moments.append(moment)
        return moment

    def note(self, what: str, *pages: int) -> None:
        self.done[what] += 1
        self.hot += pages

    def add_page(self) -> None:
        parent = self.any_page()
        kind = self.dice.choice([*Kind])
        slug = self.a_slug(parent)
        page = add(
            parent=Page.objects.get(pk=parent),
            kind=kind,
            slug=slug,
            title=f"資料{slug}の案",
            actor=None,
            end_redirects=self.dice.random() < 0.7,
        )
        self.oracle.add(page.pk, str(kind), parent, slug, self.clock.at)
        self.note("add", page.pk)
        if self.dice.random() < 0.7:
            at = self.later() if self.dice.random() < 0.4 else None
            with self.perhaps():
                self.approve(page.pk, Answer.CURRENT, at)

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What is refused in this block has not been done."""
        try:
            with transaction.atomic():
                yield
        except Blocked as refusal:
            self.refused.update({str(each.code) for each in refusal.blockers})

    def a_slug(self, parent: int) -> str:
        """A new one, or one that a page below `parent` has at some moment."""
        used = [
            entry.slug
            for child in self.oracle.under.get(parent, ())
            for entry in self.oracle.places[child]
        ]
        if used and self.dice.random() < 0.4:
            return self.dice.choice(used)
        return f"r{self.dice.randrange(12)}"

    def move_now(self) -> None:
        self.move(None)

    def move_later(self) -> None:
        self.move(self.later())

    def move(self, at: datetime | None) -> None:
        page, target = self.any_page(), self.any_page()
        if self.dice.random() < 0.3:  # back to where it has been
            target = self.dice.choice(self.oracle.places[page]).parent or target
        start = at or self.clock.at
        place = Then(self.oracle, start).place(page)
        move(
            page=Page.objects.get(pk=page),
            to=Page.objects.get(pk=target),
            actor=None,
            at=at,
            end_redirects=self.dice.random() < 0.7,
        )
        assert place is not None
        self.place("move", page, target, place.slug, at)

    def rename_now(self) -> None:
        self.rename(None)

    def rename_later(self) -> None:
        self.rename(self.later())

    def rename(self, at: datetime | None) -> None:
        page = self.any_page()
        parent = Then(self.oracle, at or self.clock.at).parent(page)
        slug = self.a_slug(parent or page)
        if self.dice.random() < 0.3:  # one that it had
            slug = self.dice.choice(self.oracle.places[page]).slug or slug
        rename(
            page=Page.objects.get(pk=page),
            slug=slug,
            actor=None,
            at=at,
            end_redirects=self.dice.random() < 0.7,
        )
        assert parent is not None
        self.place("rename", page, parent, slug, at)

    def place(self, what: str, page: int, parent: int, slug: str, at: datetime | None) -> None:
        release = self.book(page, at)
        self.oracle.place(page, parent, slug, at or self.clock.at, release)
        self.note(f"{what}{' booked' if at else ''}", page)

    def book(self, page: int, at: datetime | None) -> str:
        """Remember the release of the newest booking."""
        if at is None:
            return ""
        release = str(AuditEntry.objects.latest("pk").details["release"])
        self.bookings.append(Booking(page, at, release))
        return release

    def reorder_now(self) -> None:
        self.reorder(None)

    def reorder_later(self) -> None:
        self.reorder(self.later())

    def reorder(self, at: datetime | None) -> None:
        parent = self.any_page()
        start = at or self.clock.at
        below = Then(self.oracle, start).standing_below(parent)
        children = [child for child in below if self.oracle.kinds[child] in IN_THE_TREE]
        if len(children) < 2:
            return
        self.dice.shuffle(children)
        pages = Page.objects.in_bulk(children)
        reorder(
            parent=Page.objects.get(pk=parent),
            children=[pages[child] for child in children],
            actor=None,
            at=at,
        )
        self.oracle.reorder(parent, children, start, self.book(parent, at))
        self.note(f"reorder{' booked' if at else ''}", parent, *children[:2])

    def approve_now(self) -> None:
        self.approve(self.any_page(), self.an_answer(), None)

    def approve_later(self) -> None:
        self.approve(self.any_page(), self.an_answer(), self.later())

    def an_answer(self) -> Answer:
        answers = [Answer.CURRENT, Answer.ARCHIVED, Answer.GONE, Answer.MOVED]
        return self.dice.choices(answers, [3, 4, 2, 2])[0]

    def approve(self, page: int, answer: Answer, at: datetime | None) -> None:
        draft = Edition.objects.open().filter(page=page).first()
        draft = draft or start_draft(page=Page.objects.get(pk=page), actor=None)
        target = self.any_page() if answer == Answer.MOVED else None
        if target == page:
            return
        title = title_of(page, draft.number)
        is_news = self.oracle.kinds[page] == Kind.NEWS_ITEM
        day = self.clock.at - timedelta(days=self.dice.randrange(3))
        issued = day.date() if is_news else None
        changes: dict[str, Any] = {
            "answer": answer,
            "title": title,
            "lead": LEAD,
            "note": "" if answer == Answer.CURRENT else "資料の扱いを変えました。",
            "moved_to": Page.objects.get(pk=target) if target else None,
            "issued_on": issued,
            "change_note": "資料を改めました。",
        }
        draft = edit(edition=draft, actor=None, changes=changes, revision=draft.revision)
        draft = submit(edition=draft, actor=None)
        approve(editions=[draft], actor=None, at=at)
        start = at or self.clock.at
        self.oracle.say(page, Text(start, str(answer), title, target, issued))
        if at is not None:
            self.bookings.append(Booking(page, at, edition=draft.pk))
        self.note(f"{answer}{' booked' if at else ''}", page)

    def booked(self, *, of_the_tree: bool) -> list[Booking]:
        self.bookings = [each for each in self.bookings if each.start > self.clock.at]
        return [each for each in self.bookings if bool(each.release) == of_the_tree]

    def cancel_tree(self) -> None:
        booked = self.booked(of_the_tree=True)
        if booked:
            self.cancel(self.dice.choice(booked[-8:]))

    def cancel(self, booking: Booking) -> None:
        page = Page.objects.get(pk=booking.page)
        cancel_change(page=page, release=booking.release, actor=None)
        self.oracle.cancel(booking.release)
        self.bookings.remove(booking)
        self.note("cancel")

    def cancel_text(self) -> None:
        booked = self.booked(of_the_tree=False)
        if not booked:
            return
        booking = self.dice.choice(booked)
        before = dump()
        cancel_booking(edition=Edition.objects.get(pk=booking.edition), actor=None)
        assert dump()[:3] == before[:3], "cancelling a text has changed the tree"
        self.oracle.withdraw(booking.page, booking.start)
        self.bookings.remove(booking)
        self.note("cancel text")

    def discard_draft(self) -> None:
        drafts = [page for page in self.hot if page in self.oracle.texts]
        page = self.dice.choice(drafts) if drafts else self.any_page()
        draft = Edition.objects.open().filter(page=page).first()
        if draft is None:
            return
        discard(edition=draft, actor=None)
        if not Page.objects.filter(pk=page).exists():
            self.oracle.discard(page)
            self.hot = [each for each in self.hot if each != page]
        self.note("discard")

    def book_and_cancel(self) -> None:
        """Book up to three changes and cancel them, the last first: nothing has changed."""
        dumps, books = [], [self.move_later, self.rename_later, self.reorder_later]
        made: list[Booking] = []
        for _ in range(self.dice.randrange(1, 4)):
            before, known = dump(), len(self.bookings)
            with self.perhaps():
                self.dice.choice(books)()
            if len(self.bookings) > known:
                dumps.append(before)
                made.append(self.bookings[-1])
        while made:
            self.cancel(made.pop())
            traces = difference(dumps.pop(), dump())
            assert not traces, f"cancelling left traces at {self.clock.at}: {traces[:4]}"
            self.restored += 1

    # The comparison

    def questions(self, sampled: int = 3) -> dict[datetime, set[str]]:
        """Return every address that ever existed by the moments around each of its boundaries."""
        boundaries = self.oracle.all_boundaries()
        asked: dict[datetime, set[str]] = {}
        for address in [*self.oracle.holdings, *self.oracle.former]:
            own = self.oracle.boundaries(address)
            if own - {FOUNDED}:
                own |= set(self.dice.sample(boundaries, min(sampled, len(boundaries))))
            for moment in own:
                for around in (moment - SECOND, moment, moment + SECOND):
                    asked.setdefault(around, set()).add(address)
        return dict(sorted(asked.items()))

    def compare(
        self, asked: Mapping[datetime, set[str]], report: Callable[[str], None] = lambda _: None
    ) -> tuple[int, list[str]]:
        """Return how many answers were compared, and those that differ."""
        count, differences = 0, []
        today = Then(self.oracle, self.clock.at)
        for at, addresses in asked.items():
            is_past = at < self.clock.at
            then = Then(self.oracle, at, today if is_past else None)
            moment = Moment(at, "then" if is_past else "")
            for address in sorted(addresses):
                count += 1
                if count % 10_000 == 0:
                    report(f"{count:,} comparisons, {len(differences)} differences")
                expected = then.answer(address)
                answered = answer_of(answer_page(address, moment), then)
                if answered != expected:
                    differences.append(f"{address} at {at}: {answered}, expected {expected}")
        return count, differences

    def compare_served(self, count: int) -> tuple[int, list[str]]:
        """The same for `count` requests of a citizen, now and in the past: status and target."""
        client, now = Client(HTTP_HOST="localhost"), self.clock.at
        today = Then(self.oracle, now)
        moments = [moment for moment in self.oracle.all_boundaries() if moment < now]
        addresses = [*self.oracle.holdings]
        differences = []
        for _ in range(count):
            address, moment = self.dice.choice(addresses), self.dice.choice([*moments, now])
            then = Then(self.oracle, moment, today if moment < now else None)
            expected = served_as(then.answer(address))
            query = {"at": moment.isoformat()} if moment < now else {}
            response = client.get(address, query)
            answered = response.status_code, without_moment(response.get("Location", ""))
            if answered not in expected:
                differences.append(f"{address} at {moment}: {answered}, expected {expected}")
        return count, differences


def served_as(answer: tuple[object, ...]) -> list[tuple[int, str]]:
    """Return the statuses and targets that a response may have; a redirect of the past is 302."""
    if answer[0] == "moved":
        return [(301, str(answer[1])), (302, str(answer[1]))]
    return [({"page": 200, "gone": 410, "missing": 404}[str(answer[0])], "")]


def dump() -> list[list[Any]]:
    """Return the tables of the tree and of the editions, without the keys that count up."""
    return [
        rows_of(Placement, "path"),
        rows_of(SiblingPosition, "page_id, live_from, id"),
        rows_of(Page, "id"),
        rows_of(Edition, "id"),
        rows_of(NewsListing, "page_id, live_from"),
    ]


def rows_of(model: type[Model], order: str) -> list[Any]:
    """Read without converting a column: the whole site is read before and after each booking."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY {order}")  # noqa: S608 - no value
        return cursor.fetchall()


def difference(before: list[list[Any]], after: list[list[Any]]) -> list[tuple[str, Any]]:
    """Return the rows that are in one of the dumps only."""
    return [
        (sign, row)
        for first, second in zip(before, after, strict=True)
        for sign, rows, others in (("-", first, set(second)), ("+", second, set(first)))
        for row in rows
        if row not in others
    ]


def without_moment(url: str) -> str:
    return urlsplit(url).path


def answer_of(answer: PageAnswer, then: Then) -> tuple[object, ...]:
    """Return the answer of the site in the form of the oracle's."""

    def crumbs(links: Any) -> tuple[tuple[str, str], ...]:
        return tuple((link.title, without_moment(link.url)) for link in links)

    def urls(links: Any) -> tuple[str, ...]:
        return tuple(without_moment(link.url) for link in links)

    match answer:
        case Moved():
            return "moved", answer.url_path
        case Gone():
            return "gone", answer.title, crumbs(answer.breadcrumbs)
        case Missing():
            return "missing", crumbs(answer.breadcrumbs), answer.exists_today
        case PageView():
            around = answer.page_links
            return (
                "page",
                answer.title,
                answer.url,
                answer.is_archived,
                crumbs(answer.breadcrumbs),
                urls(answer.sections),
                urls(answer.organisations),
                urls(answer.pages),
                tuple(
                    without_moment(link.url) if link else None
                    for link in (around.previous, around.next)
                ),
                by_parent(urls(answer.bureaus)) if answer.is_root else (),
                urls(answer.site_frame.navigation)[:-1],
                urls(answer.news),
            )


def by_parent(addresses: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    groups: dict[str, list[str]] = {}
    for address in addresses:
        groups.setdefault(address.rstrip("/").rpartition("/")[0], []).append(address)
    return tuple(sorted(map(tuple, groups.values()), key=str))
