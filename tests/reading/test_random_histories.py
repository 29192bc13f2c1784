"""The rule behind every answer, against a naive reading of random histories."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureaus.models import Answer, Category, Edition, Kind, Page, State
from bureaus.models.intervals import interval_ends
from bureaus.publishing.news_listings import update_news_listings
from bureaus.reading import (
    Gone,
    Missing,
    Moment,
    Moved,
    NewsFilter,
    NewsList,
    PageView,
    answer_page,
    list_news,
)
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import (
    OPENING,
    Site,
    place,
    publish,
)


@dataclass(frozen=True)
class Version:
    start: datetime
    answer: Answer
    is_minor: bool

    @property
    def title(self) -> str:
        return f"{self.start.isoformat()}の{self.answer}"


def at_hour(hour: int) -> datetime:
    return OPENING + timedelta(hours=hour)


answers = st.sampled_from(
    [Answer.CURRENT, Answer.CURRENT, Answer.ARCHIVED, Answer.GONE, Answer.MOVED]
)
versions = st.builds(Version, st.integers(1, 60).map(at_hour), answers, st.booleans())
histories = st.lists(versions, max_size=6, unique_by=lambda version: version.start).map(
    lambda history: sorted(history, key=lambda version: version.start)
)
moments = st.integers(0, 122).map(lambda half: OPENING + timedelta(minutes=30 * half))
on_a_database = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def store(page: Page, history: list[Version], *, target: Page, **content: object) -> None:
    """Approve the whole history, in the order in which it was written."""
    starts = [version.start for version in history]
    Edition.objects.bulk_create(
        Edition(
            page=page,
            number=number,
            state=State.APPROVED,
            answer=version.answer,
            live_from=version.start,
            live_until=end,
            title=version.title,
            is_minor=version.is_minor,
            moved_to=target if version.answer == Answer.MOVED else None,
            **{"category": Category.GENERAL, **content},
        )
        for number, (version, end) in enumerate(zip(history, interval_ends(starts), strict=True), 1)
    )
    update_news_listings([page.pk])


def in_force(history: Iterable[Version], at: datetime) -> Version | None:
    return next((version for version in reversed([*history]) if version.start <= at), None)


@on_a_database
@given(history=histories, at=moments)
def test_an_address_answers_with_the_latest_edition_begun(
    site: Site, history: list[Version], at: datetime
) -> None:
    with transaction.atomic():
        store(place(site.root, "page"), history, target=site.guide)
        answered = answer_page("/page/", Moment(at, "then"))
        expected = in_force(history, at)
        begun = [version.start for version in history if version.start <= at]
        major = [v.start for v in history if v.start <= at and not v.is_minor]
        match answered:
            case PageView():
                assert expected is not None
                assert answered.title == expected.title
                assert answered.is_archived == (expected.answer == Answer.ARCHIVED)
                assert answered.first_published == begun[0]
                assert answered.updated == (major[-1] if major else begun[-1])
            case Gone():
                assert expected is not None
                assert (answered.title, expected.answer) == (expected.title, Answer.GONE)
            case Moved():
                assert expected is not None
                assert expected.answer == Answer.MOVED
                assert answered.url_path == "/main_sosiki/"
            case Missing():
                assert expected is None
                assert answered.exists_today == bool(history)
        transaction.set_rollback(True)


@on_a_database
@given(
    news=st.lists(st.tuples(histories, st.dates(date(2013, 3, 1), date(2013, 4, 30))), max_size=8),
    at=moments,
)
def test_the_news_list_has_the_current_editions_newest_first(
    site: Site, news: list[tuple[list[Version], date]], at: datetime
) -> None:
    with transaction.atomic():
        organisation = publish(site.root, "org", "組織", kind=Kind.ORGANISATION)
        expected = []
        for number, (history, day) in enumerate(news):
            item = place(organisation, f"n{number}", Kind.NEWS_ITEM)
            category = Category.PRESS
            store(
                item,
                history,
                target=site.guide,
                issued_on=day,
                category=category,
            )
            edition = in_force(history, at)
            is_dated = day <= at.astimezone(TOKYO).date()
            if edition is not None and edition.answer == Answer.CURRENT and is_dated:
                expected.append((day, item.pk, f"{edition.title}"))
        titles = [title for _, _, title in sorted(expected, reverse=True)]
        answer = answer_page("/org/", Moment(at, "then"))
        listed = list_news("/org/news/", NewsFilter(), Moment(at, "then"))
        assert isinstance(answer, PageView)
        assert isinstance(listed, NewsList)
        assert [entry.title for entry in answer.news] == titles[:5]
        assert [entry.title for entry in listed.entries] == titles
        assert listed.total == len(titles)
        transaction.set_rollback(True)
