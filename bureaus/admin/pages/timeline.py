"""The timeline of a page: past, current, open and booked editions in the order of time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bureaus.admin.core.audit_text import audit_words
from bureaus.admin.core.booked_places import BookedPlace, release_address
from bureaus.admin.core.page_states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.admin.core.users import actor_name
from bureaus.admin.pages.page_overview import PageOverview
from bureaus.models import Action, Answer, Edition, State
from bureaus.permissions import Grants

PAST_LISTED = 2  # besides the first publication
BOOKINGS_LISTED = 5


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An action on an edition: 書き始め, by 鈴木, at a moment."""

    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, with `tense` past, now, work or booked; open drafts have no `began`."""

    tense: str
    words: str
    chip: Chip | None = None
    edition: Edition | None = None
    began: datetime | None = None
    ended: datetime | None = None
    events: tuple[TimelineEvent, ...] = ()
    partners: "Partners | None" = None
    sentence: str = ""  # of a change of the place
    release: str = ""  # the address of its screen


@dataclass(frozen=True, slots=True)
class Partners:
    """The pages released together with a booking; those outside the branches only as a number."""

    titles: tuple[str, ...]
    others: int

    @property
    def count(self) -> int:
        return len(self.titles) + self.others


def timeline_of(
    overview: PageOverview, partners: dict[str, Partners], places: Sequence[BookedPlace] = ()
) -> list[Entry]:
    editions = (booking(each, overview, partners) for each in overview.booked[:BOOKINGS_LISTED])
    changes = (place_change(each) for each in places[:BOOKINGS_LISTED])
    return [
        *past_of(overview),
        present_of(overview),
        *work_of(overview),
        *sorted((*editions, *changes), key=lambda entry: entry.began or overview.now),
        *further_bookings(overview),
    ]


def place_change(place: BookedPlace) -> Entry:
    words = f"{place.words}："
    return Entry("booked", words, Chip.PLACE, began=place.start, sentence=words + place.sentence)


def past_of(overview: PageOverview) -> Iterator[Entry]:
    """Yield the first publication, and the editions right before the one in force."""
    ended = [each for each in overview.begun if each is not overview.in_force]
    if not ended:
        return
    first = ended[-1]
    yield past(first, "はじめての公開")
    for edition in reversed(ended[:PAST_LISTED]):
        if edition is not first:
            yield past(edition, "前の版")


def past(edition: Edition, words: str) -> Entry:
    return Entry("past", words, None, edition, edition.live_from, edition.live_until)


def present_of(overview: PageOverview) -> Entry:
    edition = overview.in_force
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
        tuple(approvals(edition, overview)),
    )


def work_of(overview: PageOverview) -> Iterator[Entry]:
    edition = overview.open_edition
    if edition is None:
        return
    milestones = (
        ("書き始め", Action.START_DRAFT, Action.ADD),
        ("最後の編集", Action.EDIT),
        ("", Action.RETURN),  # a return, or a recall
        ("確認の依頼", Action.SUBMIT),
        ("公開予約の取消し", Action.CANCEL_BOOKING),
    )
    events = [
        TimelineEvent(words or audit_words(event), actor_name(event), event.at)
        for words, *actions in milestones
        if (event := overview.last(edition, *actions)) is not None
    ]
    yield Entry(
        "work",
        "作業中",
        CHIP_OF_STATE[State(edition.state)],
        edition,
        events=tuple(sorted(events, key=lambda event: event.at)),
    )


def booking(edition: Edition, overview: PageOverview, partners: dict[str, Partners]) -> Entry:
    return Entry(
        "booked",
        "公開予約",
        Chip.BOOKED,
        edition,
        edition.live_from,
        None,
        tuple(approvals(edition, overview)),
        partners.get(edition.release),
        release=release_address(edition.release),
    )


def further_bookings(overview: PageOverview) -> Iterator[Entry]:
    further = len(overview.booked) - BOOKINGS_LISTED
    if further > 0:
        yield Entry("booked", f"ほかに{further}件の公開予約", Chip.BOOKED)


def approvals(edition: Edition, overview: PageOverview) -> Iterator[TimelineEvent]:
    for words, action in (
        ("承認", Action.APPROVE),
        ("緊急の承認", Action.APPROVE_URGENTLY),
        ("事後確認", Action.CONFIRM),
    ):
        event = overview.last(edition, action)
        if event is not None:
            yield TimelineEvent(words, actor_name(event), event.at)


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
        .with_page()
        .only("release", "title", "page")
    )
    titles: dict[str, list[str]] = {release: [] for release in own}
    others = Counter[str]()
    for edition in editions.order_by("placement__path"):
        if grants.can_view(edition.page):
            titles[edition.release].append(edition.title)
        else:
            others[edition.release] += 1
    return {release: Partners(tuple(titles[release]), others[release]) for release in own}
