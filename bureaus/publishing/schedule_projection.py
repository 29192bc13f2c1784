"""The schedule as it would be with some editions added or removed, and what that breaks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple, Self

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils import timezone

from bureaus.models import READABLE_ANSWERS, Edition, Link, Page, Placement
from bureaus.models.branches import placements_from
from bureaus.models.editions import EditionQuerySet
from bureaus.models.intervals import (
    Interval,
    clipped,
    first_moment_alone,
    interval_ends,
    is_readable_at,
)
from bureaus.models.placements import parent_page
from bureaus.permissions import Grants
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.references import links_in_body
from bureaus.text.formatting import japanese_moment

NAMED = 5  # children in a sentence


class Approved(NamedTuple):
    """The part of an approved edition that the schedule depends on."""

    start: datetime
    answer: str
    number: int


class ParentInterval(NamedTuple):
    """The page above another one from `start` until `end`; None is open."""

    page: Page
    start: datetime
    end: datetime | None


def first_address(editions: EditionQuerySet) -> str | None:
    """Return the present address of the page of one of `editions`. 1 query."""
    edition = editions.with_page().first()
    return edition.page.url_path if edition else None


class ScheduleProjection:
    """
    The intervals of pages, as they would be with `editions` in force from `start` on.

    `moved`: the keys of further pages whose parents are compared. The parents are those in the
    tables: a release moves its pages first, and is judged then.

    Parents, links and approved editions are read at once: 5 queries for any number of editions.
    The bookings of pages outside `grants` are not disclosed: only that something blocks, not where
    and when, and with `is_trial`, for someone who only tries moments, not even that.
    """

    def __init__(
        self,
        editions: Sequence[Edition],
        start: datetime,
        grants: Grants,
        *,
        moved: Iterable[int] = (),
        is_trial: bool = False,
    ) -> None:
        self.start = start
        self.moved = frozenset(moved)
        self.grants = grants
        self.is_trial = is_trial
        self.coming = {edition.page_id: edition for edition in editions}
        self.leaving: set[int] = set()
        self.approved: dict[int, list[Approved]] = {}

    @classmethod
    def without(cls, booked: Edition, grants: Grants) -> Self:
        """Return the schedule without this booking and the rest of its release."""
        projection = cls([], booked.live_from or timezone.now(), grants)
        release = Edition.objects.filter(release=booked.release) if booked.release else [booked]
        projection.leaving = {edition.pk for edition in release}
        return projection

    @cached_property
    def nodes(self) -> dict[int, list[Any]]:
        """The placements from `start` on, each with the key of the page `above`. 1 query."""
        pages = self.moved.union(self.coming)
        found: dict[int, list[Any]] = {page: [] for page in pages}
        placements = Placement.objects.not_ended(self.start).filter(page__in=pages)
        for node in placements.annotate(above=parent_page()).order_by("live_from"):
            found[node.page_id].append(node)
        return found

    @cached_property
    def parents(self) -> dict[int, list[ParentInterval]]:
        """The parents from `start` on, by the key of the child. 2 queries."""
        below = [node for nodes in self.nodes.values() for node in nodes if node.above]
        pages = Page.objects.placed(timezone.now()).in_bulk({node.above for node in below})
        found: dict[int, list[ParentInterval]] = defaultdict(list)
        for node in below:
            above = ParentInterval(pages[node.above], node.live_from, node.live_until)
            found[node.page_id].append(above)
        return found

    @cached_property
    def targets(self) -> dict[int, list[Page]]:
        """The pages that each edition links or has moved to, by its key."""
        editions = list(self.coming.values())
        found: dict[int, set[Page]] = defaultdict(set)
        links = Prefetch("links", Link.objects.with_targets())
        prefetch_related_objects(editions, links)  # no query where it has been done already
        for edition in editions:
            found[edition.pk] |= {link.page for link in edition.links.all() if link.page}
            if edition.moved_to is not None:
                found[edition.pk].add(edition.moved_to)
        return {
            pk: sorted(pages, key=lambda target: target.url_path) for pk, pages in found.items()
        }

    def approved_of(self, page_id: int) -> list[Approved]:
        """Return its approved editions. 1 query for all related pages, and 1 for any other."""
        if page_id not in self.approved:
            related = {above.page.pk for each in self.parents.values() for above in each}
            related |= self.moved.union(self.coming)
            related |= {page.pk for pages in self.targets.values() for page in pages}
            self.read({page_id, *related} - self.approved.keys())
        return self.approved[page_id]

    def read(self, page_ids: set[int]) -> None:
        self.approved |= {page_id: [] for page_id in page_ids}
        rows = Edition.objects.with_start().filter(page__in=page_ids)
        rows = rows.exclude(pk__in=self.leaving)
        columns = rows.values_list("page", "live_from", "answer", "number")
        for page_id, start, answer, number in columns:
            if start is not None:
                self.approved[page_id].append(Approved(start, answer, number))

    def latest(self, page_id: int) -> Approved | None:
        """Return the approved edition with the greatest number."""
        return max(self.approved_of(page_id), key=lambda row: row.number, default=None)

    def intervals_of(self, page_id: int) -> list[Interval]:
        rows = self.approved_of(page_id)
        starts = {row.start: row.answer in READABLE_ANSWERS for row in rows}
        coming = self.coming.get(page_id)
        if coming is not None:
            starts[self.start] = coming.answer in READABLE_ANSWERS
        moments = sorted(starts)
        return [
            Interval(start, end, starts[start])
            for start, end in zip(moments, interval_ends(moments), strict=True)
        ]

    def against_parent(self, edition: Edition) -> Iterator[Blocker]:
        """A page is public only under public parents."""
        alone = self.first_alone(edition.page_id)
        if alone is not None:
            yield from self.parent_unreadable(alone.page, alone.start)

    def first_alone(self, page_id: int) -> ParentInterval | None:
        """Return the first parent that is not public while the page is, from that moment on."""
        for above in self.parents.get(page_id, ()):
            own = clipped(self.intervals_of(page_id), above.start, above.end)
            parent = self.intervals_of(above.page.pk)
            moment = first_moment_alone(own, parent, since=self.start)
            if moment is not None:
                return above._replace(start=moment)
        return None

    def parent_unreadable(self, parent: Page, moment: datetime) -> Iterator[Blocker]:
        if not self.may_disclose(parent, moment):
            yield from self.undisclosed(
                BlockerCode.PARENT_UNREADABLE,
                "上のページが、この版の公開の間に公開されていないことがあります。",
            )
        else:
            yield Blocker(
                BlockerCode.PARENT_UNREADABLE,
                f"親のページ「{parent.url_path}」は、{japanese_moment(moment)}には公開されて"
                "いません。先に親を公開するか、一緒に公開してください。",
            )

    def against_children(self, edition: Edition) -> Iterator[Blocker]:
        """No page may end above public pages; 1 query."""
        if edition.answer in READABLE_ANSWERS:
            return
        stays = self.readable_below(edition.page).exclude(page__in=self.disappearing())
        children = [each.page.url_path for each in stays.with_page()[:NAMED]]
        if children:
            names = "".join(f"「{address}」" for address in dict.fromkeys(children))
            yield Blocker(
                BlockerCode.CHILDREN,
                f"下に公開中または公開予約中のページ（{names}など）があるので、"
                f"{edition.get_answer_display()}にはできません。先に下のページを移すか、"
                "掲載を終えるか、この版と一緒に終えてください。",
            )

    def against_links(self, edition: Edition) -> Iterator[Blocker]:
        """Links may lead only to pages that are public by then."""
        missing = [
            page
            for page in self.targets.get(edition.pk, ())
            if not is_readable_at(self.intervals_of(page.pk), self.start)
        ]
        disclosed = [page for page in missing if self.may_disclose(page, self.start)]
        for page in disclosed:
            yield Blocker(
                BlockerCode.LINK,
                f"リンク先か移転先の「{page.url_path}」は、公開開始のときに公開されて"
                "いません。先に公開するか、リンクを外してください。",
            )
        if len(disclosed) < len(missing):
            yield from self.undisclosed(
                BlockerCode.LINK,
                "リンク先か移転先に、公開開始のときに公開されていないページがあります。",
            )

    def may_disclose(self, page: Page, moment: datetime) -> bool:
        """Return whether what will be public of `page` at `moment` may be disclosed."""
        return moment <= timezone.now() or self.grants.can_view(page)

    def undisclosed(self, code: BlockerCode, sentence: str) -> Iterator[Blocker]:
        """Block without disclosing where and when; nothing in a trial."""
        if not self.is_trial:
            yield Blocker(
                code, f"{sentence}ほかの部局のページなので、担当の部局に確かめてください。"
            )

    def against_loss(self, booked: Edition) -> Iterator[Blocker]:
        """Pages below `booked` and links to it may not depend on it. 4 queries."""
        if is_readable_at(self.intervals_of(booked.page_id), self.start):
            return
        below = self.readable_below(booked.page).exclude(pk__in=self.leaving)
        child = first_address(below)
        if child is not None:
            yield Blocker(
                BlockerCode.CHILDREN,
                f"下のページ「{child}」の公開が、この予約の上に成り立っています。"
                "先にその予約を取り消してください。",
            )
        linking = Edition.objects.filter(
            Q(links__page=booked.page_id)
            | Q(moved_to=booked.page_id)
            | links_in_body(booked.page.url_path),
            live_from__gte=self.start,
        ).exclude(pk__in=self.leaving)
        own = linking.filter(self.grants.in_branches(prefix="page__"))
        address = first_address(own)
        if address is not None:
            yield Blocker(
                BlockerCode.LINK,
                f"公開予約中の「{address}」が、このページへ導いています。"
                "先にその予約を取り消してください。",
            )
        elif linking.exists():
            yield Blocker(
                BlockerCode.LINK,
                "ほかの部局の予約が、このページへ導いています。"
                "その部局に、先に予約を取り消すよう依頼してください。",
            )

    def readable_below(self, page: Page) -> EditionQuerySet:
        """Return the readable editions of the children, then and later, that have not ended."""
        nodes = self.nodes.get(page.pk) or placements_from(page, self.start)
        children = (
            Placement.objects.not_ended(self.start)
            .filter(
                reduce(or_, (Q(path__gt=node.path, path__lt=node.branch_end) for node in nodes))
            )
            .filter(depth__in={node.depth + 1 for node in nodes})
            .order_by()
            .values("page")
        )
        return Edition.objects.approved().readable().not_ended(self.start).filter(page__in=children)

    def disappearing(self) -> list[int]:
        return [pk for pk, edition in self.coming.items() if edition.answer not in READABLE_ANSWERS]
