"""What is looked for in the tree: by words, by state, by kind, mine, and waiting for me."""

import unicodedata
from datetime import datetime
from functools import reduce
from operator import and_

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from bureaus.admin.states import CHIP_OF_ANSWER, Chip
from bureaus.admin.tree_asked import Asked
from bureaus.admin.tree_rows import known_to, public_once, sees_all
from bureaus.models import Answer, Edition, Event, Kind, Page, Role, State
from bureaus.models.pages import branch_end
from bureaus.permissions import Grants
from bureaus.publishing.against_editions import HANDS

LISTED = 50  # pages at a time
WORDS = 5
Asking = AbstractBaseUser | AnonymousUser


def look_for(
    asked: Asked,
    *,
    grants: Grants,
    now: datetime,
    actor: Asking,
    within: Page | None = None,
    after: Page | None = None,
    only: Q | None = None,
) -> list[int]:
    """
    The keys of what is found, in the order of the tree, one more than is listed; 1 query.

    It walks along the tree and stops when it has enough: nothing is counted, and what is many is
    not sorted. Words that are rare are looked for in every title there is.
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
    for condition in conditions(asked, grants, now, actor) or [known_to(grants, now)]:
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


def conditions(asked: Asked, grants: Grants, now: datetime, actor: Asking) -> list[Q]:
    found = []
    if asked.words:
        found.append(with_words(asked.words, grants, now))
    if asked.state:
        found.append(in_state(Chip(asked.state), grants, now))
    if asked.proof:
        found.append(grants.branches_of() & with_findings(asked.proof, now))
    if asked.is_mine:
        found.append(grants.branches_of() & in_work_of(actor))
    if asked.is_waiting:
        found.append(grants.branches_of(Role.APPROVER) & waiting_for(actor))
    return found


# Words


def with_words(words: str, grants: Grants, now: datetime) -> Q:
    """
    Every word in the address, or in a title.

    Of what is in force, and where he keeps the branch also of what is in work or booked.
    """
    editions = Edition.objects.filter(page=OuterRef("pk"))
    has_words = spelt(words, "title")
    public = editions.in_force(now).filter(has_words)
    not_ended = editions.filter(Q(live_until=None) | Q(live_until__gt=now)).filter(has_words)
    in_address = spelt(words.lower(), "url_path")
    in_own = in_address | Q(Exists(not_ended))
    if sees_all(grants):
        return in_own
    in_public = Q(Exists(public)) | (in_address & Q(public_once(now)))
    own = grants.branches_of()
    return (own & in_own) | (~own & in_public)


def spelt(words: str, field: str) -> Q:
    """As they were typed, or as NFKC writes them: titles are stored as they were written."""
    folded = unicodedata.normalize("NFKC", words)
    spellings = {words: None, folded: None}
    condition = Q(pk__in=[])
    for spelling in spellings:
        each = [Q(**{f"{field}__icontains": word}) for word in spelling.split()[:WORDS]]
        condition |= reduce(and_, each, Q())
    return condition


# States: as `PageState.chips` has them


def in_state(chip: Chip, grants: Grants, now: datetime) -> Q:
    own = grants.branches_of()
    if chip in (Chip.DRAFT, Chip.REVIEW):
        return own & opened(State(chip.value))
    if chip == Chip.BOOKED:
        return own & booked(now)
    if chip == Chip.REVISED:
        return own & says(Answer.CURRENT, now) & (opened(State.DRAFT, State.REVIEW) | booked(now))
    if chip == Chip.CURRENT:
        going_on = opened(State.DRAFT, State.REVIEW) | booked(now)
        return says(Answer.CURRENT, now) & ~(own & going_on)
    answer = next(answer for answer, other in CHIP_OF_ANSWER.items() if other == chip)
    # Said twice, because it is so that the index of what has ended is found.
    ended = Edition.objects.in_force(now).exclude(answer=Answer.CURRENT).filter(answer=answer)
    return Q(pk__in=ended.values("page"))


def opened(*states: State) -> Q:
    return Q(pk__in=Edition.objects.filter(state__in=states).values("page"))


def booked(now: datetime) -> Q:
    bookings = Edition.objects.filter(state=State.APPROVED, live_from__gt=now)
    return Q(pk__in=bookings.values("page"))


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
    found = Edition.objects.unfinished(now).filter(finding_count__gt=0)
    if proof == "error":
        found = found.filter(error_count__gt=0)
    return Q(pk__in=found.values("page"))


# Whose


def in_work_of(actor: Asking) -> Q:
    in_work = Edition.objects.exclude(state=State.APPROVED)
    return Q(pk__in=in_work.filter(Exists(touched_by(actor))).values("page"))


def waiting_for(actor: Asking) -> Q:
    waiting = Edition.objects.filter(state=State.REVIEW)
    return Q(pk__in=waiting.exclude(Exists(touched_by(actor))).values("page"))


def touched_by(actor: Asking) -> QuerySet[Event]:
    return Event.objects.filter(edition=OuterRef("pk"), actor=actor.pk, verb__in=HANDS)
