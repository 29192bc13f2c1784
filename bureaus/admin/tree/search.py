"""What is looked for in the tree: by words, by state, by kind, mine, and waiting for me."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from bureaus.admin.core.page_states import CHIP_OF_ANSWER, Chip
from bureaus.admin.core.title_search import title_condition
from bureaus.admin.tree.query_params import TreeParams
from bureaus.models import Answer, Edition, Kind, Page, Role, State
from bureaus.models.pages import branch_end
from bureaus.models.visibility import visible_pages
from bureaus.permissions import Grants
from bureaus.publishing.workflow_facts import authored_by

LISTED = 50  # pages at a time
Asking = AbstractBaseUser | AnonymousUser


def find_in_tree(
    asked: TreeParams,
    *,
    grants: Grants,
    now: datetime,
    actor: Asking,
    within: Page | None = None,
    after: Page | None = None,
    only: Q | None = None,
) -> list[int]:
    """
    The keys of what is found, in the order of the tree, one more than is listed.

    1 query, and 4 more to look up words. It walks along the tree and stops when it has enough:
    nothing is counted, and what is many is not sorted. Of words that are rare the index has told
    before where they are.
    """
    pages: QuerySet[Page] = Page.objects.all()
    if within is not None:
        pages = pages.filter(path__gte=within.path, path__lt=branch_end(within.path))
    if after is not None:
        pages = pages.filter(path__gt=after.path)
    if only is not None:
        pages = pages.filter(only)
    if asked.kind:
        pages = of_kind(pages, asked.kind)
    # Each of them is true only of pages that he may know of.
    for condition in conditions(asked, grants, now, actor) or [visible_pages(grants, now)]:
        pages = pages.filter(condition)
    return list(pages.order_by("path").values_list("pk", flat=True)[: LISTED + 1])


def of_kind(pages: QuerySet[Page], kind: str) -> QuerySet[Page]:
    """
    Pages of one kind, with as little to sort as can be.

    Most pages are news, and taken from the index of kinds they would have to be sorted all: with
    the kind as an expression the tree is walked along instead, and fifty are soon found.
    """
    if kind != Kind.NEWS_ITEM:
        return pages.filter(kind=kind)
    return pages.alias(kind_read=Concat("kind", Value(""))).filter(kind_read=kind)


def conditions(asked: TreeParams, grants: Grants, now: datetime, actor: Asking) -> list[Q]:
    found = []
    if asked.words:
        found.append(title_condition(asked.words, grants, now))
    if asked.state:
        found.append(in_state(Chip(asked.state), grants, now))
    if asked.proof:
        found.append(grants.in_branches() & with_findings(asked.proof, now))
    if asked.is_mine:
        found.append(grants.in_branches() & in_work_of(actor))
    if asked.is_waiting:
        found.append(grants.in_branches(Role.APPROVER) & waiting_for(actor))
    return found


# States: as `PageState.chips` has them


def in_state(chip: Chip, grants: Grants, now: datetime) -> Q:
    own = grants.in_branches()
    if chip in (Chip.DRAFT, Chip.REVIEW):
        return own & Q(pk__in=Edition.objects.filter(state=chip.value).values("page"))
    if chip == Chip.BOOKED:
        return own & booked(now)
    if chip == Chip.REVISED:
        return own & says(Answer.CURRENT, now) & (opened() | booked(now))
    if chip == Chip.CURRENT:
        going_on = opened() | booked(now)
        return says(Answer.CURRENT, now) & ~(own & going_on)
    answer = next(answer for answer, other in CHIP_OF_ANSWER.items() if other == chip)
    # Said twice, because it is so that the index of what has ended is found.
    ended = Edition.objects.in_force(now).exclude(answer=Answer.CURRENT).filter(answer=answer)
    return Q(pk__in=ended.values("page"))


def opened() -> Q:
    return Q(pk__in=Edition.objects.open().values("page"))


def booked(now: datetime) -> Q:
    return Q(pk__in=Edition.objects.approved().booked(now).values("page"))


def says(answer: Answer, now: datetime) -> Q:
    """Asked of each page in turn: most pages say this, and the first fifty are enough."""
    editions = Edition.objects.filter(page=OuterRef("pk"), answer=answer)
    return Q(Exists(editions.in_force(now)))


# What the proofreader says


def with_findings(proof: str, now: datetime) -> Q:
    """
    Through the index edition_with_findings: it costs by what is found, not by the site.

    As they were counted when the edition was saved: see `publishing.counts`.
    """
    found = Edition.objects.not_ended(now).filter(finding_count__gt=0)
    if proof == "error":
        found = found.filter(error_count__gt=0)
    return Q(pk__in=found.values("page"))


# Whose


def in_work_of(actor: Asking) -> Q:
    in_work = Edition.objects.open()
    return Q(pk__in=in_work.filter(authored_by(actor.pk)).values("page"))


def waiting_for(actor: Asking) -> Q:
    waiting = Edition.objects.filter(state=State.REVIEW)
    return Q(pk__in=waiting.exclude(authored_by(actor.pk)).values("page"))
