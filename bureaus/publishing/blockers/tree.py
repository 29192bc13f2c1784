"""Why a page cannot be added, moved or renamed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from bureaus.models import (
    KINDS_UNDER,
    READABLE_ANSWERS,
    Action,
    Edition,
    FormerAddress,
    Kind,
    Page,
    Role,
)
from bureaus.models.addresses import ADDRESS_LENGTH, DEPTH_LIMIT, address_under, validate_slug
from bureaus.models.editions import TITLE_LENGTH
from bureaus.models.intervals import Interval, first_moment_alone
from bureaus.models.pages import branch_extent, parent_of
from bureaus.permissions import Grants, Officer, actor_context, grants_of
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.text.formatting import japanese_moment


@dataclass(frozen=True, slots=True)
class Ending:
    """
    The grants of an officer to end redirects to other pages, for an address under `place`.

    The public knows the addresses on both sides: only a manager of both may end a redirect, and
    only by choosing to.
    """

    grants: Grants
    place: Page
    is_chosen: bool

    def may_end(self, former: FormerAddress) -> bool:
        places = (self.place, former.page)
        return all(Role.MANAGER in self.grants.roles_at(place) for place in places)


@blocker_list
def add_availability(*, parent: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.ADD, actor, parent)
    if not KINDS_UNDER[Kind(parent.kind)]:
        yield Blocker(
            BlockerCode.KIND,
            f"「{parent.url_path}」は{Kind(parent.kind).label}なので、この下には何も置けません。",
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
    if len(title) > TITLE_LENGTH:
        yield Blocker(
            BlockerCode.PAGE_TITLE,
            f"表題が{len(title)}文字あります。{TITLE_LENGTH}文字以内にしてください。",
        )
    yield from slug_blockers(slug)
    address = address_under(parent.url_path, slug)
    yield from taken_blockers(address)
    ending = Ending(grants_of(actor), parent, is_chosen=end_redirects)
    same = FormerAddress.objects.filter(url_path=address)
    yield from former_address_blockers(same, {address: None}, ending)
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
    *, page: Page, to: Page, end_redirects: bool = False, actor: Officer = None
) -> Iterator[Blocker]:
    actor = actor_context(actor)
    yield from move_availability(page=page, actor=actor)
    yield from role_blockers(Action.MOVE, actor, to)
    if page.depth == 1:
        return
    if to.path.startswith(page.path):
        yield Blocker(
            BlockerCode.OWN_BRANCH,
            f"「{page.url_path}」を、それ自身またはその下の「{to.url_path}」へは移動できません。"
            "別の移動先を選んでください。",
        )
        return
    if to.path == page.path[: -page.steplen]:
        yield Blocker(
            BlockerCode.ALREADY_THERE,
            f"「{page.url_path}」は、すでに「{to.url_path}」の下です。",
        )
        return
    yield from kind_blockers(Kind(page.kind), to)
    ending = Ending(grants_of(actor), to, is_chosen=end_redirects)
    yield from branch_address_blockers(page, address_under(to.url_path, page.slug), ending)
    depth, length = branch_extent(page)
    longer = len(to.url_path) - (len(page.url_path) - len(page.slug) - 1)
    if depth - page.depth + to.depth + 1 > DEPTH_LIMIT or length + longer > ADDRESS_LENGTH:
        yield too_deep()
    yield from unreadable_parent_blockers(page, to)


@blocker_list
def rename_availability(*, page: Page, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.RENAME, actor, page)
    if page.depth == 1:
        yield Blocker(BlockerCode.ROOT, "最上位のページのアドレスは「/」のまま変えられません。")


@blocker_list
def rename_blockers(
    *, page: Page, slug: str, end_redirects: bool = False, actor: Officer = None
) -> Iterator[Blocker]:
    actor = actor_context(actor)
    yield from rename_availability(page=page, actor=actor)
    parent = parent_of(page)
    if parent is None:
        return
    if slug == page.slug:
        yield Blocker(BlockerCode.ALREADY_THERE, f"アドレスの末尾は、すでに「{slug}」です。")
        return
    yield from slug_blockers(slug)
    ending = Ending(grants_of(actor), page, is_chosen=end_redirects)
    yield from branch_address_blockers(page, address_under(parent.url_path, slug), ending)
    length = branch_extent(page).address_length
    if length + len(slug) - len(page.slug) > ADDRESS_LENGTH:
        yield too_deep()


def kind_blockers(kind: Kind, parent: Page) -> Iterator[Blocker]:
    allowed = KINDS_UNDER[Kind(parent.kind)]
    if kind not in allowed:
        words = "・".join(sorted(possible.label for possible in allowed))
        yield Blocker(
            BlockerCode.KIND,
            f"{Kind(parent.kind).label}「{parent.url_path}」の下に{kind.label}は置けません。"
            + (f"置けるのは{words}です。" if words else "この下には何も置けません。"),
        )


def slug_blockers(slug: str) -> Iterator[Blocker]:
    try:
        validate_slug(slug)
    except ValidationError as error:
        yield Blocker(BlockerCode.SLUG, str(error.messages[0]))


def taken_blockers(address: str) -> Iterator[Blocker]:
    if Page.objects.filter(url_path=address).exists():
        yield Blocker(
            BlockerCode.TAKEN,
            f"アドレス「{address}」には、すでにページがあります。別の名前にしてください。",
        )


def branch_address_blockers(page: Page, address: str, ending: Ending) -> Iterator[Blocker]:
    """Yield why the branch of `page` cannot take the addresses that begin with `address`."""
    yield from taken_blockers(address)
    former = FormerAddress.objects.filter(url_path__startswith=address)
    if former.exists():
        yield from former_address_blockers(former, future_addresses(page, address), ending)


def former_address_blockers(
    formers: QuerySet[FormerAddress], owners: dict[str, int | None], ending: Ending
) -> Iterator[Blocker]:
    """`owners`: the page that would get each address; it may take back its own former one."""
    for former in formers.select_related("page").order_by("url_path"):
        if former.url_path not in owners or owners[former.url_path] == former.page_id:
            continue
        if not ending.may_end(former):
            yield Blocker(
                BlockerCode.FORMER_ADDRESS_OF_OTHERS,
                f"「{former.url_path}」は「{former.page.url_path}」の旧アドレスで、"
                "そこへ転送されています。転送をやめられるのは、両方の場所を担当する管理者だけです。"
                "別の名前にするか、担当の管理者に依頼してください。",
            )
        elif not ending.is_chosen:
            yield Blocker(
                BlockerCode.FORMER_ADDRESS,
                f"「{former.url_path}」は「{former.page.url_path}」の旧アドレスで、"
                "そこへ転送されています。別の名前にするか、転送をやめることを選んでください。",
            )


def future_addresses(page: Page, address: str) -> dict[str, int | None]:
    rows = Page.objects.branch_of(page).values_list("url_path", "pk")
    return {address + old.removeprefix(page.url_path): pk for old, pk in rows}


def unreadable_parent_blockers(page: Page, parent: Page) -> Iterator[Blocker]:
    now = timezone.now()
    moment = first_moment_alone(intervals_of(page), intervals_of(parent), since=now)
    if moment is not None:
        when = "いま" if moment == now else japanese_moment(moment)
        yield Blocker(
            BlockerCode.PARENT_UNREADABLE,
            f"「{page.url_path}」は公開中または公開予約中ですが、「{parent.url_path}」は"
            f"{when}公開されていません。先に「{parent.url_path}」を公開してください。",
        )


def intervals_of(page: Page) -> list[Interval]:
    rows = Edition.objects.with_start().filter(page=page)
    return [
        Interval(start, end, answer in READABLE_ANSWERS)
        for start, end, answer in rows.values_list("live_from", "live_until", "answer")
        if start is not None
    ]


def too_deep() -> Blocker:
    return Blocker(
        BlockerCode.TOO_DEEP,
        f"階層が{DEPTH_LIMIT}段を超えるか、アドレスが{ADDRESS_LENGTH}文字を超えます。"
        "もっと上の階層か、短い名前にしてください。",
    )
