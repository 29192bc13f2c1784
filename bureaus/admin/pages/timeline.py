"""What a page has been, is, and is going to be: one list, in the order of time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bureaus.admin.core.audit_text import audit_words
from bureaus.admin.core.page_states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.admin.core.users import actor_name
from bureaus.admin.pages.page_overview import PageOverview
from bureaus.models import Action, Answer, Edition, State
from bureaus.permissions import Grants

PAST_SHOWN = 2  # besides the first publication
BOOKINGS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Happening:
    """鈴木：書き始め、2013年5月23日10時05分."""

    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """`tense`: past, now, work, booked; `began` is None of what has no time of its own."""

    tense: str
    words: str
    chip: Chip | None = None
    edition: Edition | None = None
    began: datetime | None = None
    ended: datetime | None = None
    happenings: tuple[Happening, ...] = ()
    partners: "Partners | None" = None


@dataclass(frozen=True, slots=True)
class Partners:
    """The pages that start together with a booking; of those he does not keep only the number."""

    titles: tuple[str, ...]
    others: int

    @property
    def count(self) -> int:
        return len(self.titles) + self.others


def timeline_of(dossier: PageOverview, partners: dict[str, Partners]) -> list[Entry]:
    return [
        *past_of(dossier),
        present_of(dossier),
        *work_of(dossier),
        *(booking(each, dossier, partners) for each in dossier.booked[:BOOKINGS_SHOWN]),
        *further_bookings(dossier),
    ]


def past_of(dossier: PageOverview) -> Iterator[Entry]:
    """The first publication, and what was public right before today's."""
    ended = [each for each in dossier.begun if each is not dossier.in_force]
    if not ended:
        return
    first = ended[-1]
    yield past(first, "はじめての公開")
    for edition in reversed(ended[:PAST_SHOWN]):
        if edition is not first:
            yield past(edition, "前の版")


def past(edition: Edition, words: str) -> Entry:
    return Entry("past", words, None, edition, edition.live_from, edition.live_until)


def present_of(dossier: PageOverview) -> Entry:
    edition = dossier.in_force
    if edition is None:
        return Entry("now", "まだ公開されていません")
    chip = CHIP_OF_ANSWER.get(Answer(edition.answer), Chip.CURRENT)
    return Entry(
        "now",
        "いま",
        chip,
        edition,
        edition.live_from,
        edition.live_until,
        tuple(approvals(edition, dossier)),
    )


def work_of(dossier: PageOverview) -> Iterator[Entry]:
    edition = dossier.opened
    if edition is None:
        return
    told = (
        ("書き始め", Action.START_DRAFT, Action.ADD),
        ("最後の編集", Action.EDIT),
        ("", Action.RETURN),  # a return, or a recall
        ("確認の依頼", Action.SUBMIT),
        ("公開予約の取消し", Action.CANCEL_BOOKING),
    )
    happenings = [
        Happening(words or audit_words(event), actor_name(event), event.at)
        for words, *actions in told
        if (event := dossier.last(edition, *actions)) is not None
    ]
    yield Entry(
        "work",
        "作業中",
        CHIP_OF_STATE[State(edition.state)],
        edition,
        happenings=tuple(sorted(happenings, key=lambda happening: happening.at)),
    )


def booking(edition: Edition, dossier: PageOverview, partners: dict[str, Partners]) -> Entry:
    return Entry(
        "booked",
        "公開予約",
        Chip.BOOKED,
        edition,
        edition.live_from,
        None,
        tuple(approvals(edition, dossier)),
        partners.get(edition.release),
    )


def further_bookings(dossier: PageOverview) -> Iterator[Entry]:
    further = len(dossier.booked) - BOOKINGS_SHOWN
    if further > 0:
        yield Entry("booked", f"ほかに{further}件の公開予約", Chip.BOOKED)


def approvals(edition: Edition, dossier: PageOverview) -> Iterator[Happening]:
    for words, action in (
        ("承認", Action.APPROVE),
        ("緊急の承認", Action.APPROVE_URGENTLY),
        ("事後確認", Action.CONFIRM),
    ):
        event = dossier.last(edition, action)
        if event is not None:
            yield Happening(words, actor_name(event), event.at)


def partners_of(booked: Iterable[Edition], grants: Grants) -> dict[str, Partners]:
    """
    Of each release among `booked`, what else starts then; 1 query where there is one, else none.

    Looked for by the moment: the table is indexed by it, and not by the release.
    """
    own = {each.release: each for each in booked if each.release}
    if not own:
        return {}
    editions = (
        Edition.objects.approved()
        .filter(live_from__in=[each.live_from for each in own.values()], release__in=own)
        .exclude(pk__in=[each.pk for each in own.values()])
        .select_related("page")
        .only("release", "title", "page__path")
    )
    titles: dict[str, list[str]] = {release: [] for release in own}
    others = Counter[str]()
    for edition in editions.order_by("page__path"):
        if grants.can_view(edition.page):
            titles[edition.release].append(edition.title)
        else:
            others[edition.release] += 1
    return {release: Partners(tuple(titles[release]), others[release]) for release in own}
