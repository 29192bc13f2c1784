"""
Random changes of the tree in time, done to the site and told to an oracle, and the comparison.

Whether an action is allowed the site decides; what every address then answers, at every moment,
the oracle knows by itself.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import transaction

from bureaus.integrity import problems
from bureaus.models import (
    IN_THE_TREE,
    Answer,
    AuditEntry,
    Edition,
    Kind,
    Page,
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
from bureaus.text.formatting import TOKYO
from tests.helpers.tree_answers import difference, dump
from tests.helpers.tree_oracle import Oracle, Text, Then
from tests.helpers.tree_site import LEAD, found, title_of

START = datetime(2027, 1, 4, 9, tzinfo=TOKYO)  # of the actions
CHECKED_EVERY = 50  # actions
ATTEMPTS = 40  # refused in sequence, before the drill gives up


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

    def found(self) -> None:
        """Make the site before the actions."""
        found(self.oracle, self.size, self.dice)

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
            near += sorted(self.oracle.under.get(page, ()))[:5]
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
            for child in sorted(self.oracle.under.get(parent, ()))
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
