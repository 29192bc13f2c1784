"""Why a page cannot be added, moved or renamed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from bureaus.intervals import Interval, first_moment_alone
from bureaus.models import (
    KINDS_UNDER,
    READABLE_ANSWERS,
    Edition,
    FormerAddress,
    Kind,
    Page,
    Role,
    Verb,
)
from bureaus.models.addresses import ADDRESS_LENGTH, DEPTH_LIMIT, address_under, validate_slug
from bureaus.models.editions import TITLE_LENGTH
from bureaus.models.pages import branch_measures, parent_of
from bureaus.permissions import Grants, Officer, grants_of, knowing
from bureaus.publishing.reason import Reason, against_role
from bureaus.text import japanese_moment


@dataclass(frozen=True, slots=True)
class Ending:
    """
    Who would end the redirects to other pages, for an address at `place`.

    What citizens know is at stake on both sides: it takes the manager of both, and his choice.
    """

    grants: Grants
    place: Page
    is_chosen: bool

    def may_end(self, former: FormerAddress) -> bool:
        places = (self.place, former.page)
        return all(Role.MANAGER in self.grants.roles_at(place) for place in places)


def against_add(
    *,
    parent: Page,
    kind: Kind,
    slug: str,
    title: str = "",
    release: bool = False,
    actor: Officer = None,
) -> Iterator[Reason]:
    actor = knowing(actor)
    yield from against_role(Verb.ADD, actor, parent)
    yield from against_kind(kind, parent)
    if len(title) > TITLE_LENGTH:
        yield Reason(
            "title", f"表題が{len(title)}文字あります。{TITLE_LENGTH}文字以内にしてください。"
        )
    yield from against_slug(slug)
    address = address_under(parent.url_path, slug)
    yield from against_taken(address)
    ending = Ending(grants_of(actor), parent, is_chosen=release)
    same = FormerAddress.objects.filter(url_path=address)
    yield from against_former(same, {address: None}, ending)
    if parent.depth + 1 > DEPTH_LIMIT or len(address) > ADDRESS_LENGTH:
        yield too_deep()


def against_move(
    *, page: Page, to: Page, release: bool = False, actor: Officer = None
) -> Iterator[Reason]:
    actor = knowing(actor)
    yield from against_role(Verb.MOVE, actor, page, to)
    if page.depth == 1:
        yield Reason("root", f"「{page.url_path}」は最上位のページなので、移動できません。")
        return
    if to.path.startswith(page.path):
        yield Reason(
            "own_branch",
            f"「{page.url_path}」を、それ自身またはその下の「{to.url_path}」へは移動できません。"
            "別の移動先を選んでください。",
        )
        return
    if to.path == page.path[: -page.steplen]:
        yield Reason("already_there", f"「{page.url_path}」は、すでに「{to.url_path}」の下です。")
        return
    yield from against_kind(Kind(page.kind), to)
    ending = Ending(grants_of(actor), to, is_chosen=release)
    yield from against_branch_address(page, address_under(to.url_path, page.slug), ending)
    depth, length = branch_measures(page)
    longer = len(to.url_path) - (len(page.url_path) - len(page.slug) - 1)
    if depth - page.depth + to.depth + 1 > DEPTH_LIMIT or length + longer > ADDRESS_LENGTH:
        yield too_deep()
    yield from against_unreadable_parent(page, to)


def against_rename(
    *, page: Page, slug: str, release: bool = False, actor: Officer = None
) -> Iterator[Reason]:
    actor = knowing(actor)
    yield from against_role(Verb.RENAME, actor, page)
    if page.depth == 1:
        yield Reason("root", "最上位のページのアドレスは「/」のまま変えられません。")
        return
    if slug == page.slug:
        yield Reason("already_there", f"アドレスの末尾は、すでに「{slug}」です。")
        return
    yield from against_slug(slug)
    parent = parent_of(page)
    assert parent is not None  # noqa: S101 - only the root has none
    ending = Ending(grants_of(actor), page, is_chosen=release)
    yield from against_branch_address(page, address_under(parent.url_path, slug), ending)
    _, length = branch_measures(page)
    if length + len(slug) - len(page.slug) > ADDRESS_LENGTH:
        yield too_deep()


def against_kind(kind: Kind, parent: Page) -> Iterator[Reason]:
    allowed = KINDS_UNDER[Kind(parent.kind)]
    if kind not in allowed:
        words = "・".join(sorted(possible.label for possible in allowed))
        yield Reason(
            "kind",
            f"{Kind(parent.kind).label}「{parent.url_path}」の下に{kind.label}は置けません。"
            + (f"置けるのは{words}です。" if words else "この下には何も置けません。"),
        )


def against_slug(slug: str) -> Iterator[Reason]:
    try:
        validate_slug(slug)
    except ValidationError as error:
        yield Reason("slug", str(error.messages[0]))


def against_taken(address: str) -> Iterator[Reason]:
    if Page.objects.filter(url_path=address).exists():
        yield Reason(
            "taken",
            f"アドレス「{address}」には、すでにページがあります。別の名前にしてください。",
        )


def against_branch_address(page: Page, address: str, ending: Ending) -> Iterator[Reason]:
    """Why the branch of `page` cannot have the addresses that begin with `address`."""
    yield from against_taken(address)
    former = FormerAddress.objects.filter(url_path__startswith=address)
    if former.exists():
        yield from against_former(former, future_addresses(page, address), ending)


def against_former(
    formers: QuerySet[FormerAddress], owners: dict[str, int | None], ending: Ending
) -> Iterator[Reason]:
    """`owners`: which page would get which address. Its own former address it may have back."""
    for former in formers.select_related("page").order_by("url_path"):
        if former.url_path not in owners or owners[former.url_path] == former.page_id:
            continue
        if not ending.may_end(former):
            yield Reason(
                "former_kept",
                f"「{former.url_path}」は「{former.page.url_path}」の旧アドレスで、"
                "そこへ転送されています。転送をやめられるのは、両方の場所を担当する管理者だけです。"
                "別の名前にするか、担当の管理者に依頼してください。",
            )
        elif not ending.is_chosen:
            yield Reason(
                "former",
                f"「{former.url_path}」は「{former.page.url_path}」の旧アドレスで、"
                "そこへ転送されています。別の名前にするか、転送をやめることを選んでください。",
            )


def future_addresses(page: Page, address: str) -> dict[str, int | None]:
    rows = Page.objects.branch_of(page).values_list("url_path", "pk")
    return {address + old.removeprefix(page.url_path): pk for old, pk in rows}


def against_unreadable_parent(page: Page, parent: Page) -> Iterator[Reason]:
    now = timezone.now()
    moment = first_moment_alone(intervals_of(page), intervals_of(parent), since=now)
    if moment is not None:
        when = "いま" if moment == now else japanese_moment(moment)
        yield Reason(
            "parent_unreadable",
            f"「{page.url_path}」は公開中または公開予約中ですが、「{parent.url_path}」は"
            f"{when}公開されていません。先に「{parent.url_path}」を公開してください。",
        )


def intervals_of(page: Page) -> list[Interval]:
    rows = Edition.objects.filter(page=page, live_from__isnull=False)
    return [
        Interval(start, end, answer in READABLE_ANSWERS)
        for start, end, answer in rows.values_list("live_from", "live_until", "answer")
        if start is not None
    ]


def too_deep() -> Reason:
    return Reason(
        "too_deep",
        f"階層が{DEPTH_LIMIT}段を超えるか、アドレスが{ADDRESS_LENGTH}文字を超えます。"
        "もっと上の階層か、短い名前にしてください。",
    )
