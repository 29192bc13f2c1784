"""What the public would see if some editions began at a moment, and what that would break."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from bureaus.intervals import Interval, ends_for, first_moment_alone, readable_at
from bureaus.models import READABLE_ANSWERS, Edition, Link, Page, State
from bureaus.models.pages import parent_of
from bureaus.publishing.reason import Reason
from bureaus.text import japanese_moment


class Prospects:
    """The intervals of pages, as they would be with `editions` in force from `start` on."""

    def __init__(self, editions: Sequence[Edition], start: datetime) -> None:
        self.start = start
        self.coming = {edition.page_id: edition for edition in editions}
        self.leaving: set[int] = set()

    @classmethod
    def without(cls, booked: Edition) -> Self:
        """As they would be without this booking, and what was to start with it."""
        prospects = cls([], booked.live_from or timezone.now())
        together = Edition.objects.filter(release=booked.release) if booked.release else [booked]
        prospects.leaving = {edition.pk for edition in together}
        return prospects

    def intervals_of(self, page_id: int) -> list[Interval]:
        """1 query."""
        approved = Edition.objects.filter(page=page_id, live_from__isnull=False)
        rows = approved.exclude(pk__in=self.leaving).values_list("live_from", "answer")
        starts = {start: answer in READABLE_ANSWERS for start, answer in rows if start}
        coming = self.coming.get(page_id)
        if coming is not None:
            starts[self.start] = coming.answer in READABLE_ANSWERS
        moments = sorted(starts)
        return [
            Interval(start, end, starts[start])
            for start, end in zip(moments, ends_for(moments), strict=True)
        ]

    def against_parent(self, edition: Edition) -> Iterator[Reason]:
        """A page is public only under public parents; 3 queries."""
        parent = parent_of(edition.page)
        if parent is None:
            return
        own, above = self.intervals_of(edition.page_id), self.intervals_of(parent.pk)
        moment = first_moment_alone(own, above, since=self.start)
        if moment is not None:
            yield Reason(
                "parent_unreadable",
                f"親のページ「{parent.url_path}」は、{japanese_moment(moment)}には公開されて"
                "いません。先に親を公開するか、一緒に公開してください。",
            )

    def against_children(self, edition: Edition) -> Iterator[Reason]:
        """No page may disappear from under pages that are public; 1 query."""
        if edition.answer in READABLE_ANSWERS:
            return
        stays = self.readable_below(edition.page).exclude(page__in=self.disappearing())
        child = stays.values_list("page__url_path", flat=True).first()
        if child is not None:
            yield Reason(
                "children",
                f"下に公開中または公開予約中のページ（「{child}」など）があるので、"
                f"{edition.get_answer_display()}にはできません。先に下のページを移すか、"
                "掲載を終えてください。",
            )

    def against_links(self, edition: Edition) -> Iterator[Reason]:
        """A link may lead only to what is public by then; 1 query, and 1 for each target."""
        targets = Link.objects.filter(edition=edition, page__isnull=False).select_related("page")
        pages = {link.page for link in targets if link.page is not None}
        if edition.moved_to is not None:
            pages.add(edition.moved_to)
        for page in sorted(pages, key=lambda target: target.url_path):
            if not readable_at(self.intervals_of(page.pk), self.start):
                yield Reason(
                    "link",
                    f"リンク先か移転先の「{page.url_path}」は、公開開始のときに公開されて"
                    "いません。先に公開するか、リンクを外してください。",
                )

    def against_loss(self, booked: Edition) -> Iterator[Reason]:
        """What would stand alone without `booked`: pages below it, links to it. 3 queries."""
        if readable_at(self.intervals_of(booked.page_id), self.start):
            return
        below = self.readable_below(booked.page).exclude(pk__in=self.leaving)
        child = below.values_list("page__url_path", flat=True).first()
        if child is not None:
            yield Reason(
                "children",
                f"下のページ「{child}」の公開が、この予約の上に成り立っています。"
                "先にその予約を取り消してください。",
            )
        leading = Edition.objects.filter(
            Q(links__page=booked.page_id) | Q(moved_to=booked.page_id),
            live_from__gte=self.start,
        ).exclude(pk__in=self.leaving)
        address = leading.values_list("page__url_path", flat=True).first()
        if address is not None:
            yield Reason(
                "link",
                f"公開予約中の「{address}」が、このページへ導いています。"
                "先にその予約を取り消してください。",
            )

    def readable_below(self, page: Page) -> QuerySet[Edition]:
        """The readable editions of the pages right below that are in force from then on."""
        children = Page.objects.children_of(page).order_by()
        return Edition.objects.filter(
            Q(live_until=None) | Q(live_until__gt=self.start),
            page__in=children,
            state=State.APPROVED,
            answer__in=READABLE_ANSWERS,
        )

    def disappearing(self) -> list[int]:
        return [pk for pk, edition in self.coming.items() if edition.answer not in READABLE_ANSWERS]
