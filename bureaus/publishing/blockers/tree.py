"""Why a page cannot be added, moved, renamed or reordered, and a booking not be cancelled."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from bureaus.models import (
    IN_THE_TREE,
    KINDS_UNDER,
    READABLE_ANSWERS,
    Action,
    Edition,
    Kind,
    Page,
    Placement,
    SiblingPosition,
)
from bureaus.models.addresses import ADDRESS_LENGTH, DEPTH_LIMIT, address_under, validate_slug
from bureaus.models.branches import IN_TIME, BranchExtent, branch_extent, placements_from
from bureaus.models.editions import TITLE_LENGTH
from bureaus.models.intervals import Interval, first_moment_alone
from bureaus.permissions import Officer, actor_context, grants_of
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.former_addresses import (
    RedirectRights,
    redirect_blockers,
    redirects_from,
    redirects_lost,
)
from bureaus.publishing.blockers.new_addresses import branch_redirects_lost, taken_blockers
from bureaus.publishing.tree_bookings import roots_of_releases
from bureaus.text.formatting import japanese_moment

REORDERED_MOST = 500  # children; a list holds no more
# Of a move that would change nothing, or that no moment and no order makes possible.
NO_MOVE_AT_ALL = frozenset({BlockerCode.OWN_BRANCH, BlockerCode.ALREADY_THERE})


def placement_at_start(page: Page, start: datetime) -> Placement:
    """Return where `page` is at `start`; 1 query."""
    node: Placement = Placement.objects.in_force(start).get(page=page)
    return node


def placements_after(pages: Sequence[Page], start: datetime) -> list[Placement]:
    """
    Return where the first of `pages` is at `start`, and the other one from then on.

    In the order of time; 1 query.
    """
    moved, parent = (page.pk for page in pages)
    found = Placement.objects.not_ended(start).filter(page__in=[moved, parent])
    nodes = list(found.order_by(*IN_TIME))
    here = next(node for node in nodes if node.page_id == moved)
    return [here, *(node for node in nodes if node.page_id == parent)]


def placements_at_start(pages: Sequence[Page], start: datetime) -> list[Placement]:
    """
    Return where each of `pages` is at `start`, in their order; 1 query.

    Raises Page.DoesNotExist where one has been discarded.
    """
    found = Placement.objects.in_force(start).filter(page__in=pages).order_by()
    nodes: dict[int, Placement] = {node.page_id: node for node in found}
    if nodes.keys() < {page.pk for page in pages}:
        raise Page.DoesNotExist
    return [nodes[page.pk] for page in pages]


@blocker_list
def add_availability(*, parent: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.ADD, actor, parent)
    if not KINDS_UNDER[Kind(parent.kind)]:
        yield Blocker(
            BlockerCode.KIND,
            f"「{parent.url_path}」は{Kind(parent.kind).label}なので、この下には何も置けません。",
        )


@blocker_list
def add_root_blockers(*, title: str) -> Iterator[Blocker]:
    if Page.objects.exists():
        yield Blocker(BlockerCode.TAKEN, "トップページは、もうあります。管理画面で直してください。")
    if not title.strip() or not title.isprintable():
        yield Blocker(
            BlockerCode.PAGE_TITLE,
            f"表題「{title}」は使えません。府省の名前のような、1行の文字にしてください。",
        )
    yield from title_blockers(title)


def title_blockers(title: str) -> Iterator[Blocker]:
    if len(title) > TITLE_LENGTH:
        yield Blocker(
            BlockerCode.PAGE_TITLE,
            f"表題が{len(title)}文字あります。{TITLE_LENGTH}文字以内にしてください。",
        )


@blocker_list
def add_blockers(
    *,
    parent: Page,
    kind: Kind | None,
    slug: str,
    title: str = "",
    end_redirects: bool = False,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """Return the blockers of a new page; None for `kind`: none has been chosen."""
    actor = actor_context(actor)
    yield from add_availability(parent=parent, actor=actor)
    if kind is None:
        yield Blocker(BlockerCode.KIND, "ページの種類を選んでください。")
    elif KINDS_UNDER[Kind(parent.kind)]:
        yield from kind_blockers(kind, parent)
    yield from title_blockers(title)
    yield from slug_blockers(slug)
    now = timezone.now()
    yield from taken_blockers(placements_from(parent, now), slug, now)
    address = address_under(parent.url_path, slug)
    lost = redirects_lost({address: None}, redirects_from(Q(url_path=address), now))
    yield from redirect_blockers(
        lost, RedirectRights(grants_of(actor), parent, is_chosen=end_redirects)
    )
    if parent.depth + 1 > DEPTH_LIMIT or len(address) > ADDRESS_LENGTH:
        yield too_deep()


@blocker_list
def move_availability(*, page: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.MOVE, actor, page)
    if page.depth == 1:
        yield Blocker(
            BlockerCode.ROOT,
            f"「{page.url_path}」は最上位のページなので、移動できません。",
        )


@blocker_list
def move_blockers(
    *,
    page: Page,
    to: Page,
    at: datetime | None = None,
    end_redirects: bool = False,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """Return the blockers of a move from `at` or now on. At most 8 queries and the grants'."""
    actor = actor_context(actor)
    yield from move_availability(page=page, actor=actor)
    yield from role_blockers(Action.MOVE, actor, to)
    past = list(past_blockers(at))
    yield from past
    if past or page.depth == 1:
        return
    start = at or timezone.now()
    rights = RedirectRights(grants_of(actor), to, is_chosen=end_redirects)
    against = move_place_blockers(page, to, start, rights)
    yield from against
    if not any(each.code in NO_MOVE_AT_ALL for each in against):
        yield from unreadable_parent_blockers(page, to, start)


@blocker_list
def move_place_blockers(
    page: Page, to: Page, start: datetime, rights: RedirectRights
) -> Iterator[Blocker]:
    """Yield why `page` has no place below `to` from `start` on, whatever is public then."""
    node, *parents = placements_after([page, to], start)
    target = parents[0]
    if node.contains(target):
        yield Blocker(
            BlockerCode.OWN_BRANCH,
            f"「{page.url_path}」を、それ自身またはその下の「{to.url_path}」へは移動できません。"
            "別の移動先を選んでください。",
        )
        return
    if target.path == node.parent_path:
        yield Blocker(
            BlockerCode.ALREADY_THERE,
            f"「{page.url_path}」は、すでに「{to.url_path}」の下です。",
        )
        return
    yield from kind_blockers(Kind(page.kind), to)
    extent = branch_extent(node, start)
    yield from booked_upon_blockers(node, extent, start)
    yield from taken_blockers(parents, node.slug, start)
    lost = branch_redirects_lost(node, address_under(target.url_path, node.slug), start)
    yield from redirect_blockers(lost, rights)
    yield from depth_blockers(node, extent, target, node.slug)


@blocker_list
def rename_availability(*, page: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.RENAME, actor, page)
    if page.depth == 1:
        yield Blocker(BlockerCode.ROOT, "最上位のページのアドレスは「/」のまま変えられません。")


@blocker_list
def rename_blockers(
    *,
    page: Page,
    slug: str,
    at: datetime | None = None,
    end_redirects: bool = False,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """Return the blockers of a new slug from `at` or now on. At most 8 queries and the grants'."""
    actor = actor_context(actor)
    yield from rename_availability(page=page, actor=actor)
    past = list(past_blockers(at))
    yield from past
    if past or page.depth == 1:
        return
    rights = RedirectRights(grants_of(actor), page, is_chosen=end_redirects)
    yield from rename_place_blockers(page, slug, at or timezone.now(), rights)


@blocker_list
def rename_place_blockers(
    page: Page, slug: str, start: datetime, rights: RedirectRights
) -> Iterator[Blocker]:
    """Yield why `page` cannot have `slug` where it is from `start` on."""
    node = placement_at_start(page, start)
    if slug == node.slug:
        yield Blocker(BlockerCode.ALREADY_THERE, f"アドレスの末尾は、すでに「{slug}」です。")
        return
    yield from slug_blockers(slug)
    extent = branch_extent(node, start)
    yield from booked_upon_blockers(node, extent, start)
    parent = Placement.objects.filter(path=node.parent_path).values("page")
    parents = list(Placement.objects.not_ended(start).filter(page__in=parent).order_by(*IN_TIME))
    above = parents[0]
    yield from taken_blockers(parents, slug, start)
    lost = branch_redirects_lost(node, address_under(above.url_path, slug), start)
    yield from redirect_blockers(lost, rights)
    yield from depth_blockers(node, extent, above, slug)


@blocker_list
def reorder_availability(*, parent: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.REORDER, actor, parent)


@blocker_list
def reorder_blockers(
    *,
    parent: Page,
    children: Sequence[Page],
    at: datetime | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """Return the blockers of this order of the children from `at` or now on. 5 queries."""
    actor = actor_context(actor)
    start = at or timezone.now()
    yield from reorder_availability(parent=parent, actor=actor)
    past = list(past_blockers(at))
    yield from past
    if past:
        return
    node = placement_at_start(parent, start)
    standing = Placement.objects.children_of(node).in_force(start).filter(kind__in=IN_THE_TREE)
    keys = list(standing.values_list("page", flat=True))
    if len(keys) > REORDERED_MOST:
        yield Blocker(
            BlockerCode.MANY,
            f"「{parent.url_path}」の下には{len(keys):,}ページあります。"
            f"並べ替えられるのは{REORDERED_MOST}ページまでです。下の階層に分けてください。",
        )
    elif sorted(keys) != sorted(child.pk for child in children):
        yield Blocker(
            BlockerCode.CHANGED,
            f"見ている間に「{parent.url_path}」の下のページが変わりました。"
            "画面を開き直して、もう一度並べてください。",
        )
    later = roots_of_releases(Placement.objects.filter(page__in=keys, live_from__gt=start))
    yield from later_change_blockers(later)
    yield from later_order_blockers(keys, start)


def past_blockers(at: datetime | None) -> Iterator[Blocker]:
    if at is not None and at <= timezone.now():
        yield Blocker(
            BlockerCode.PAST,
            f"日時「{japanese_moment(at)}」は過去です。これからの日時にするか、いま変えることを"
            "選んでください。",
        )


def booked_upon_blockers(
    node: Placement, extent: BranchExtent, start: datetime
) -> Iterator[Blocker]:
    """Changes of one branch are a stack in time: nothing begins before what is booked there."""
    against = [] if extent.changes is None else [built_on(extent.changes)]
    against += later_order_blockers([node.page_id], start)
    yield from dict.fromkeys(against)  # both may begin at one moment


def later_change_blockers(later: QuerySet[Placement]) -> Iterator[Blocker]:
    change = later.order_by("live_from").first()
    if change is not None:
        yield built_on(change.live_from)


def later_order_blockers(pages: Sequence[int], start: datetime) -> Iterator[Blocker]:
    later = SiblingPosition.objects.filter(page__in=pages, live_from__gt=start)
    first = later.order_by("live_from").first()
    if first is not None:
        yield built_on(first.live_from)


def built_on(moment: datetime) -> Blocker:
    return Blocker(
        BlockerCode.BUILT_ON,
        f"{japanese_moment(moment)}に始まる予約（移動・アドレスの変更・並べ替え）が、"
        "この場所の今の配置の上に成り立っています。先にその予約を取り消してください。",
    )


def kind_blockers(kind: Kind, parent: Page) -> Iterator[Blocker]:
    allowed = KINDS_UNDER[Kind(parent.kind)]
    if kind not in allowed:
        words = "・".join(sorted(possible.label for possible in allowed))
        yield Blocker(
            BlockerCode.KIND,
            f"{Kind(parent.kind).label}「{parent.url_path}」の下に{kind.label}は置けません。"
            + (f"置けるのは{words}です。" if words else "別の場所にしてください。"),
        )


def slug_blockers(slug: str) -> Iterator[Blocker]:
    try:
        validate_slug(slug)
    except ValidationError as error:
        yield Blocker(BlockerCode.SLUG, str(error.messages[0]))


def depth_blockers(
    node: Placement, extent: BranchExtent, above: Placement, slug: str
) -> Iterator[Blocker]:
    depth = extent.depth - node.depth + above.depth + 1
    longer = len(address_under(above.url_path, slug)) - len(node.url_path)
    if depth > DEPTH_LIMIT or extent.address_length + longer > ADDRESS_LENGTH:
        yield too_deep()


def unreadable_parent_blockers(page: Page, parent: Page, start: datetime) -> Iterator[Blocker]:
    below, above = intervals_of([page, parent])
    moment = first_moment_alone(below, above, since=start)
    if moment is not None:
        yield unreadable_parent(page, parent, moment)


def unreadable_parent(page: Page, parent: Page, moment: datetime) -> Blocker:
    when = "いま" if moment <= timezone.now() else japanese_moment(moment)
    return Blocker(
        BlockerCode.PARENT_UNREADABLE,
        f"「{page.url_path}」は公開中または公開予約中ですが、「{parent.url_path}」は"
        f"{when}公開されていません。先に「{parent.url_path}」を公開してください。",
    )


def intervals_of(pages: Sequence[Page]) -> list[list[Interval]]:
    """Return the intervals of the editions of each of `pages`; 1 query."""
    found: dict[int, list[Interval]] = {page.pk: [] for page in pages}
    rows = Edition.objects.with_start().filter(page__in=pages)
    for page, start, end, answer in rows.values_list("page", "live_from", "live_until", "answer"):
        if start is not None:
            found[page].append(Interval(start, end, answer in READABLE_ANSWERS))
    return [found[page.pk] for page in pages]


def too_deep() -> Blocker:
    return Blocker(
        BlockerCode.TOO_DEEP,
        f"階層が{DEPTH_LIMIT}段を超えるか、アドレスが{ADDRESS_LENGTH}文字を超えます。"
        "もっと上の階層か、短い名前にしてください。",
    )
