"""The site frame of a past page: navigation then, footer today, and the editions around it."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, DateTimeField, FilteredRelation, Q, QuerySet, Subquery

from bureaus.models import Edition
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.placements import sibling_position
from bureaus.models.visibility import begun, not_ended
from bureaus.reading.hidden import shown
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.rows import NavigationRow, PageRow
from bureaus.reading.statements import AT, CHILDREN_LIMIT, IN_NAVIGATION, NOW, Statement
from bureaus.reading.view_models import Memento, PageEditions, memento_of

# Of the page whose editions are counted; of none where the frame is that of a list.
PAGE = Parameter("page", BigIntegerField())
SHOWN = Parameter("shown", DateTimeField())  # the start of the edition that is shown
HISTORY = "history/"
NO_PAGE = 0


class PastNavigationRow(NamedTuple):
    """
    A page of the navigation, then or today; the columns from `first` on are the same in every row.

    Its edition and its placement have an interval each, and it has a position at both moments.
    """

    url_path: str
    title: str
    english: str
    category: str
    path: str
    position_then: int
    position_today: int
    live_from: datetime
    live_until: datetime | None
    placed_from: datetime
    placed_until: datetime | None
    first: datetime | None
    previous: datetime | None
    next: datetime | None
    last: datetime | None
    previous_number: int | None
    number: int | None  # of the edition that is shown
    number_today: int | None

    def is_in_force(self, at: datetime) -> bool:
        start, ends = max(self.live_from, self.placed_from), (self.live_until, self.placed_until)
        return start <= at and all(end is None or at < end for end in ends)


def readable_editions() -> QuerySet[Edition]:
    """Return the editions of the page that can be read, now or at a past moment."""
    return Edition.objects.begun(NOW).readable().filter(page=PAGE)


def column(editions: QuerySet[Edition], name: str) -> Subquery:
    return Subquery(editions.values(name)[:1])


def in_force_then_or_now(prefix: str = "") -> Q:
    return Q(begun(AT, prefix), not_ended(AT, prefix)) | Q(
        begun(NOW, prefix), not_ended(NOW, prefix)
    )


def past_navigation() -> Statement:
    oldest_first = readable_editions().order_by("live_from")
    newest_first = readable_editions().order_by("-live_from")
    placed: Statement = (
        Edition.objects.filter(in_force_then_or_now())
        .listed()
        .annotate(
            placement=FilteredRelation("placements", condition=in_force_then_or_now("placements__"))
        )
    )
    return (
        placed.filter(IN_NAVIGATION)
        .order_by("placement__path", "live_from")
        .values_list(
            "placement__url_path",
            shown("title"),
            shown("title_english"),
            "category",
            "placement__path",
            sibling_position(AT, "page", "placement__"),
            sibling_position(NOW, "page", "placement__"),
            "live_from",
            "live_until",
            "placement__live_from",
            "placement__live_until",
            column(oldest_first, "live_from"),
            column(newest_first.filter(live_from__lt=SHOWN), "live_from"),
            column(oldest_first.filter(live_from__gt=SHOWN), "live_from"),
            column(newest_first, "live_from"),
            column(newest_first.filter(live_from__lt=SHOWN), "number"),
            column(readable_editions().filter(live_from=SHOWN), "number"),
            column(readable_editions().filter(not_ended(NOW)), "number"),
        )[: 2 * CHILDREN_LIMIT]
    )


PAST_NAVIGATION = Compiled(PastNavigationRow, past_navigation)


class PastFrame(NamedTuple):
    """The rows of the navigation then and today, and the editions around the one that is shown."""

    then: list[NavigationRow]
    today: list[NavigationRow]
    editions: PageEditions | None


def past_frame(moment: Moment, page: PageRow | None) -> PastFrame:
    """Read all that frames a past page; `page`: the one whose editions surround it. 1 query."""
    now = present_moment().at
    rows = PAST_NAVIGATION(
        at=moment.at,
        now=now,
        page=page.page if page else NO_PAGE,
        shown=page.live_from if page else now,
    )
    return PastFrame(
        [navigation_row(row, row.position_then) for row in rows if row.is_in_force(moment.at)],
        [navigation_row(row, row.position_today) for row in rows if row.is_in_force(now)],
        page_editions(rows[0], page.url_path) if rows and page else None,
    )


def navigation_row(row: PastNavigationRow, position: int) -> NavigationRow:
    return NavigationRow(row.url_path, row.title, row.english, row.category, row.path, position)


def page_editions(row: PastNavigationRow, address: str) -> PageEditions:
    is_other = row.number_today not in (None, row.number)
    numbers = (row.number, row.number_today) if is_other else (row.previous_number, row.number)
    compared = "?older={}&newer={}".format(*numbers)
    return PageEditions(
        first=memento_if_any(address, row.first),
        previous=memento_if_any(address, row.previous),
        next=memento_if_any(address, row.next),
        last=memento_if_any(address, row.last),
        # A page that cannot be read today has no history in which to compare.
        comparison_url=f"{address}{HISTORY}{compared}" if row.number_today and all(numbers) else "",
        is_compared_with_today=is_other,
    )


def memento_if_any(address: str, start: datetime | None) -> Memento | None:
    return memento_of(address, start) if start else None
