"""
Random changes of the tree in time, done to the site and told to an oracle, and the comparison.

Whether an action is allowed the site decides; what every address then answers, at every moment,
the oracle knows by itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bureaus.models import (
    IN_THE_TREE,
    KINDS_UNDER,
    Answer,
    AuditEntry,
    Edition,
    Kind,
    Page,
    State,
)
from bureaus.publishing import (
    Blocked,
    PlaceChange,
    ReleasePlan,
    add,
    approve,
    approve_release,
    cancel_booking,
    cancel_release,
    discard,
    edit,
    move,
    rename,
    return_,
    start_draft,
    submit,
)
from bureaus.publishing.actions.tree import cancel_change, reorder
from tests.helpers.tree_answers import difference, dump
from tests.helpers.tree_drill_state import Booking, DrillState
from tests.helpers.tree_oracle import Text, Then
from tests.helpers.tree_site import LEAD, title_of

CHECKED_EVERY = 50  # actions
ATTEMPTS = 40  # refused in sequence, before the drill gives up
THROWS = 10  # for a parent


class Drill(DrillState):
    """The actions that the dice choose."""

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
            self.release_later: 6,
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
        written = self.write(page, answer, at or self.clock.at)
        if written is None:
            return
        draft, text = written
        approve(editions=[draft], actor=None, at=at)
        self.oracle.say(page, text)
        if at is not None:
            self.bookings.append(Booking(page, at, edition=draft.pk))
        self.note(f"{answer}{' booked' if at else ''}", page)

    def write(self, page: int, answer: Answer, start: datetime) -> tuple[Edition, Text] | None:
        """Submit an edition; return it with what the oracle has to know. None: not possible."""
        draft = Edition.objects.open().filter(page=page).first()
        if draft is not None and draft.state == State.REVIEW:  # of a release that was cancelled
            draft = return_(edition=draft, actor=None, comment="やり直します。")
        draft = draft or start_draft(page=Page.objects.get(pk=page), actor=None)
        target = self.any_page() if answer == Answer.MOVED else None
        if target == page:
            return None
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
        return draft, Text(start, str(answer), title, target, issued)

    def release_later(self) -> None:
        """Up to three changes of the tree, and half of the time an edition of one of the pages."""
        at = self.later()
        pages = list(dict.fromkeys(self.any_page() for _ in range(self.dice.randrange(1, 4))))
        changes = [self.a_change(page, at) for page in pages]
        written = None
        if self.dice.random() < 0.5:
            written = self.write(self.dice.choice(pages), self.an_answer(), at)
        self.release(changes, at, *([written] if written else ()))

    def release_places(self) -> None:
        at = self.later()
        pages = list(dict.fromkeys(self.any_page() for _ in range(3)))
        self.release([self.a_change(page, at) for page in pages], at)

    def a_change(self, page: int, at: datetime) -> PlaceChange:
        stored = Page.objects.get(pk=page)
        if self.dice.random() < 0.4:
            return PlaceChange(stored, slug=self.a_slug(Then(self.oracle, at).parent(page) or page))
        return PlaceChange(stored, to=Page.objects.get(pk=self.a_parent(page, at)))

    def a_parent(self, page: int, at: datetime) -> int:
        """A page below which `page` can stand, if a few throws find one: one blocker blocks all."""
        then = Then(self.oracle, at)
        for _ in range(THROWS):
            parent = self.any_page()
            fits = Kind(self.oracle.kinds[page]) in KINDS_UNDER[Kind(self.oracle.kinds[parent])]
            if fits and then.is_readable(parent) and page not in then.ancestors(parent):
                break
        return parent

    def release(
        self, changes: list[PlaceChange], at: datetime, *written: tuple[Edition, Text]
    ) -> None:
        plan = ReleasePlan([edition for edition, _ in written], changes, at, end_redirects=True)
        before = dump()
        name = approve_release(plan=plan, actor=None)
        if self.dice.random() < 0.3:
            cancel_release(release=name, actor=None)
            traces = difference(before, dump())
            assert not traces, f"cancelling a release left traces at {self.clock.at}: {traces[:4]}"
            self.restored += 1
            name = approve_release(plan=plan, actor=None)
        made = {change.page.pk: change for change in changes}
        placed = AuditEntry.objects.order_by("pk").filter(details__release__startswith=name)
        for page in placed.filter(edition=None).values_list("page", flat=True):
            self.oracle.place(page, *self.place_after(made[page], at), at, name)
        for edition, text in written:
            self.oracle.say(edition.page_id, text)
        texts = tuple(edition.page_id for edition, _ in written)
        self.bookings.append(Booking(changes[0].page.pk, at, name, together=texts))
        self.note(f"release of {len(changes)} and {len(written)}", *made)

    def place_after(self, change: PlaceChange, at: datetime) -> tuple[int, str]:
        """Return the parent and the slug after `change`, as the oracle knows those before it."""
        place = Then(self.oracle, at).place(change.page.pk)
        assert place is not None
        assert place.parent is not None
        return change.to.pk if change.to else place.parent, change.slug or place.slug

    def cancel_tree(self) -> None:
        booked = self.booked(of_the_tree=True)
        if booked:
            self.cancel(self.dice.choice(booked[-8:]))

    def cancel(self, booking: Booking) -> None:
        page = Page.objects.get(pk=booking.page)
        if booking.together is None:
            cancel_change(page=page, release=booking.release, actor=None)
        else:
            cancel_release(release=booking.release, actor=None)
        self.oracle.cancel(booking.release)
        for changed in booking.together or ():
            self.oracle.withdraw(changed, booking.start)
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
        books.append(self.release_places)
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
