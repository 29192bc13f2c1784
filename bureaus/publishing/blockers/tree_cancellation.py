"""Why a booked change of the tree cannot be cancelled."""

from collections.abc import Iterator

from django.db.models import Q

from bureaus.models import Action, Page, Placement, SiblingPosition
from bureaus.models.placements import LASTING
from bureaus.models.releases import release_of
from bureaus.permissions import Officer, actor_context
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.tree import (
    built_on,
    later_change_blockers,
    unreadable_parent_blockers,
)
from bureaus.publishing.tree_bookings import booked_change, roots_of_releases


@blocker_list
def cancel_change_blockers(*, page: Page, release: str, actor: Officer = None) -> Iterator[Blocker]:
    """Return the blockers of cancelling a booked change of the tree. About 15 queries."""
    actor = actor_context(actor)
    yield from role_blockers(Action.MOVE, actor, page)
    if release_of(release):
        yield part_of_release(page)
        return
    change = booked_change(page, release)
    if change is None:
        yield Blocker(
            BlockerCode.STATE,
            f"「{page.url_path}」に、この予約はありません。取り消されたか、もう始まっています。"
            "画面を開き直してください。",
        )
        return
    if change.action == Action.REORDER:
        yield from built_on_order_blockers(release)
        return
    node = Placement.objects.filter(page=page, release=release).first()
    if node is not None:
        yield from built_on_placement_blockers(node)
        above = parent_before(node)
        if above is not None and above.live_until is None:
            yield from unreadable_parent_blockers(page, above.page, change.start)


def built_on_order_blockers(release: str) -> Iterator[Blocker]:
    """Yield the later order, or the later move of one of the pages, that ends this order."""
    ended = SiblingPosition.objects.filter(release=release).exclude(live_until=None)
    first = ended.order_by("live_until").first()
    if first is not None and first.live_until is not None:
        yield built_on(first.live_until)


def built_on_placement_blockers(node: Placement) -> Iterator[Blocker]:
    """Yield what has been booked upon the placement `node`, or instead of the one before it."""
    branch = Placement.objects.branch_of(node).order_by().values("page")
    later = Placement.objects.filter(page__in=branch, live_from__gte=node.live_from)
    # What a release placed for no time, before another of its changes, is built on `node` as well.
    later = later.filter(LASTING | Q(live_from__gt=node.live_from))
    later = roots_of_releases(later.exclude(release=node.release))
    yield from later_change_blockers(later)
    above = parent_before(node)
    if above is not None and above.live_until is not None:
        yield built_on(above.live_until)


def parent_before(node: Placement) -> Placement | None:
    """Return the node, with its page, below which the page of `node` stood before. 2 queries."""
    ended = Placement.objects.filter(page=node.page_id, live_until=node.live_from)
    before = ended.exclude(pk=node.pk).order_by("live_from", "pk").last()
    if before is None:
        return None
    above: Placement = Placement.objects.select_related("page").get(path=before.parent_path)
    return above


def part_of_release(page: Page) -> Blocker:
    return Blocker(
        BlockerCode.RELEASE,
        f"「{page.url_path}」のこの予約は、場所の変更のある一括公開の一つです。"
        "一括公開の画面で、全部を一緒に取り消すか、日時を変えてください。",
    )
