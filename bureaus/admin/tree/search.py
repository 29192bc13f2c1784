"""Find pages by words, state, kind and findings; one's own drafts and what awaits one's review."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from bureaus.admin.core.page_states import CHIP_OF_ANSWER, Chip
from bureaus.admin.core.title_search import text_condition
from bureaus.admin.tree.query_params import TreeParams
from bureaus.admin.tree.rows import booked_places, reordered_paths
from bureaus.models import Answer, Edition, Kind, Page, Role, State
from bureaus.models.placements import branch_end
from bureaus.models.visibility import visible_pages
from bureaus.permissions import Grants
from bureaus.publishing.workflow_facts import authored_by

LISTED = 50  # pages at a time
MOST_AT_ONCE = 100  # pages of a bulk action
KIND_READ = Concat("placement__kind", Value(""))  # the kind as an expression: see `of_kind`
Officer = AbstractBaseUser | AnonymousUser


class FoundPages(NamedTuple):
    """Keys of pages. `is_cut`: there are more drafts than those whose text was searched."""

    keys: list[int]
    is_cut: bool


def find_in_tree(
    params: TreeParams,
    *,
    grants: Grants,
    now: datetime,
    actor: Officer,
    within: Page | None = None,
    after: Page | None = None,
    most: int = LISTED,
) -> FoundPages:
    """
    Return the keys of the found pages in the order of the tree, one more than `most`.

    1 query, and 7 more to look up words. The database walks along the tree and stops when it has
    enough rows: nothing is counted, and no large result is sorted. Rare words are looked up in the
    index first.
    """
    pages: Any = Page.objects.placed(now).alias(kind_read=KIND_READ)
    wanted = Q()
    if within is not None:
        wanted &= Q(placement__path__gte=within.path, placement__path__lt=branch_end(within.path))
    if after is not None:
        wanted &= Q(placement__path__gt=after.path)
    if params.kind:
        wanted &= of_kind(params.kind)
    # Each of the conditions holds for visible pages only.
    text = text_condition(params.words, grants, now) if params.words else None
    found = [*([text.pages] if text else []), *conditions(params, grants, now, actor)]
    for condition in found or [visible_pages(grants, now, is_placed=True)]:
        wanted &= condition
    # In one filter: each further one would join the placement once more.
    ordered = pages.filter(wanted).order_by("placement__path").values_list("pk", flat=True)
    return FoundPages(list(ordered[: most + 1]), is_cut=bool(text and text.is_cut))


def of_kind(kind: str) -> Q:
    """
    Return the condition for pages of one kind, without sorting all of them.

    Most pages are news, and an index scan by kind would have to sort them. With the kind as an
    expression the database walks along the tree instead, and soon finds fifty.
    """
    if kind != Kind.NEWS_ITEM:
        return Q(placement__kind=kind)
    return Q(kind_read=kind)


def conditions(params: TreeParams, grants: Grants, now: datetime, actor: Officer) -> list[Q]:
    found = []
    if params.state:
        found.append(in_state(Chip(params.state), grants, now))
    if params.proof:
        found.append(grants.in_branches(is_placed=True) & with_findings(params.proof, now))
    if params.is_mine:
        found.append(grants.in_branches(is_placed=True) & in_work_of(actor))
    if params.is_waiting:
        found.append(grants.in_branches(Role.APPROVER, is_placed=True) & waiting_for(actor))
    return found


# States, as in `PageState.chips`


def in_state(chip: Chip, grants: Grants, now: datetime) -> Q:
    own = grants.in_branches(is_placed=True)
    if chip in (Chip.DRAFT, Chip.REVIEW):
        return own & Q(pk__in=Edition.objects.filter(state=chip.value).values("page"))
    if chip == Chip.BOOKED:
        return own & has_booking(now)
    if chip == Chip.PLACE:
        return own & has_booked_place(now)
    if chip == Chip.REVISED:
        return own & answers(Answer.CURRENT, now) & (has_open_edition() | has_booking(now))
    if chip == Chip.CURRENT:
        is_changing = has_open_edition() | has_booking(now)
        return answers(Answer.CURRENT, now) & ~(own & is_changing)
    answer = next(answer for answer, other in CHIP_OF_ANSWER.items() if other == chip)
    # Both conditions, because the partial index of ended pages needs the first.
    ended = Edition.objects.in_force(now).exclude(answer=Answer.CURRENT).filter(answer=answer)
    return Q(pk__in=ended.values("page"))


def has_open_edition() -> Q:
    return Q(pk__in=Edition.objects.open().values("page"))


def has_booking(now: datetime) -> Q:
    return Q(pk__in=Edition.objects.approved().booked(now).values("page"))


def has_booked_place(now: datetime) -> Q:
    """Return the condition for a booked move or rename, or another order below. 1 query."""
    moved = Q(pk__in=booked_places(now).values("page"))
    return moved | Q(placement__path__in=list(reordered_paths(now)))


def answers(answer: Answer, now: datetime) -> Q:
    """Check each page in turn: it holds for most pages, and fifty are enough."""
    editions = Edition.objects.filter(page=OuterRef("pk"), answer=answer)
    return Q(Exists(editions.in_force(now)))


# Findings


def with_findings(proof: str, now: datetime) -> Q:
    """
    Return the condition for pages with findings, as counted when the edition was saved.

    It reads the index edition_with_findings: the cost grows with the findings, not the site.
    """
    found = Edition.objects.not_ended(now).filter(finding_count__gt=0)
    if proof == "error":
        found = found.filter(error_count__gt=0)
    return Q(pk__in=found.values("page"))


# The officer's own


def in_work_of(actor: Officer) -> Q:
    in_work = Edition.objects.open()
    return Q(pk__in=in_work.filter(authored_by(actor.pk)).values("page"))


def waiting_for(actor: Officer) -> Q:
    waiting = Edition.objects.filter(state=State.REVIEW)
    return Q(pk__in=waiting.exclude(authored_by(actor.pk)).values("page"))
