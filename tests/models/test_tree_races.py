"""Many officers at once: what destroys a tree without the four rules (docs/adr/0002)."""

import os
import random
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from bureaus.integrity import problems
from bureaus.models import Action, AuditEntry, Kind, Page
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import parent_of
from bureaus.publishing import Blocked, add, move, rename
from tests.helpers.cast import Site, branch_of, publish
from tests.helpers.processes import at_once
from tests.helpers.storms import size

pytestmark = pytest.mark.django_db(transaction=True)
ADDED = size(3, full=8)  # by each writer
SWAPS = size(15, full=50)
TURNS = size(12, full=30)  # of each officer in chaos


def add_plain(parent: Page, slug: str) -> Page:
    return add(parent=parent, kind=Kind.PAGE, slug=slug, title=slug, actor=None)


def test_sixteen_writers_all_get_their_pages(committed_site: Site) -> None:
    def write(number: int) -> None:
        for turn in range(ADDED):
            add_plain(committed_site.guide, f"w{number}-{turn}")

    assert at_once(16, write) == []
    assert Page.objects.filter(placements__slug__startswith="w").count() == 16 * ADDED
    assert problems() == []


def test_a_under_b_while_b_goes_under_a(committed_site: Site) -> None:
    guide = committed_site.guide
    pair = (publish(guide, "a", "A"), publish(guide, "b", "B"))

    def swap(number: int) -> None:
        mine, other = pair[number], pair[1 - number]
        for _ in range(SWAPS):
            for target in (other, guide):
                try:
                    move(page=mine, to=target, actor=None)
                except Blocked as refused:
                    if {blocker.code for blocker in refused.blockers} - {
                        "own_branch",
                        "already_there",
                    }:
                        raise

    assert at_once(2, swap) == []
    assert problems() == []
    assert AuditEntry.objects.filter(action=Action.MOVE).exists()


class Oracle:
    """The tree as a child would draw it: for each page its parent and its slug, from the events."""

    def __init__(self) -> None:
        self.parent: dict[int, int | None] = {}
        self.slug: dict[int, str] = {}
        for page in Page.objects.all():
            above = parent_of(page)
            self.parent[page.pk] = above.pk if above else None
            self.slug[page.pk] = page.slug

    def address(self, pk: int) -> str:
        parent = self.parent[pk]
        return "/" if parent is None else f"{self.address(parent)}{self.slug[pk]}/"

    def at(self, address: str) -> int:
        return next(pk for pk in self.parent if self.address(pk) == address)

    def replay(self, events: Iterator[AuditEntry]) -> None:
        for event in events:
            assert event.page_id is not None
            above, slug = event.address.rstrip("/").rsplit("/", 1)
            self.parent[event.page_id] = self.at(f"{above}/")
            self.slug[event.page_id] = slug


def test_eight_officers_in_chaos_leave_the_tree_that_a_naive_oracle_draws(
    committed_site: Site,
) -> None:
    oracle = Oracle()
    guide = committed_site.guide

    def chaos(number: int) -> None:
        dice = random.Random(number)
        for turn in range(TURNS):
            below = branch_of(guide).filter(kind=Kind.PAGE).exclude(pk=guide.pk)
            pages = list(below) or [guide]
            page, other = dice.choice(pages), dice.choice([*pages, committed_site.guide])
            try:
                match dice.randrange(5):
                    case 0 | 1:
                        add_plain(other, f"c{number}-{turn}")
                    case 2:
                        move(page=page, to=other, actor=None)
                    case 3:
                        rename(page=page, slug=f"r{dice.randrange(40)}", actor=None)
                    case _:
                        page.save()  # read before whatever the others have done since
            except Blocked:
                pass  # a sentence, and no change
            except Page.DoesNotExist:
                raise AssertionError(f"{page} was lost") from None

    assert at_once(8, chaos) == []

    oracle.replay(AuditEntry.objects.order_by("pk").iterator())
    drawn = {pk: oracle.address(pk) for pk in oracle.parent}
    assert {page.pk: page.url_path for page in branch_of(committed_site.root)} == drawn
    parents = {page.pk: getattr(parent_of(page), "pk", None) for page in Page.objects.all()}
    assert parents == oracle.parent
    assert problems() == []


def test_a_page_saved_by_an_editor_who_read_it_before_a_move_stays_where_it_was_moved(
    committed_site: Site,
) -> None:
    stale = Page.objects.get(pk=committed_site.sections[0].pk)
    placement = stale.placement
    move(page=committed_site.bureau, to=committed_site.root, actor=None)

    stale.save()
    placement.save()
    placement.save(update_fields=["path", "depth", "numchild", "live_until"])

    assert Page.objects.get(pk=stale.pk).url_path == "/joho_kokusai/ict_seisaku/"
    assert problems() == []


@pytest.mark.skipif(
    "postgres" not in os.environ.get("DATABASE_URL", ""), reason="SQLite knows no deadlock"
)
def test_an_action_is_run_again_after_a_deadlock(committed_site: Site) -> None:
    first, second = (page.pk for page in committed_site.news)
    theirs_locked, mine_locked = threading.Event(), threading.Event()
    attempts = 0

    def lock(pk: int) -> None:
        Page.objects.select_for_update().get(pk=pk)

    def somebody_else() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '20s'")  # the other one gives way
            lock(second)
            theirs_locked.set()
            assert mine_locked.wait(10)
            lock(first)
        connection.close()

    @under_tree_lock
    def action() -> str:
        nonlocal attempts
        attempts += 1
        lock(first)
        mine_locked.set()
        lock(second)
        return "done"

    thread = threading.Thread(target=somebody_else)
    thread.start()
    assert theirs_locked.wait(10)
    assert action() == "done"
    thread.join()
    assert attempts == 2
