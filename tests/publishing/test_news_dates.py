"""News that would be public before its own date, and so stand in no list until then."""

from datetime import date, datetime, time, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Action, Answer, Edition, Kind, NewsListing
from bureaus.publishing import (
    add,
    approve,
    cancel_booking,
    edit,
    return_,
    start_draft,
    submit,
)
from bureaus.text.formatting import TOKYO, japanese_date
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import codes, drafted

pytestmark = pytest.mark.django_db
NOTE = "発表日の午前0時からの公開を予約してください。"


@pytest.fixture
def in_ten_days() -> date:
    return timezone.localdate(timezone=TOKYO) + timedelta(days=10)


@pytest.fixture
def draft(site: Site, writer: User, in_ten_days: date) -> Edition:
    return drafted(site.news[0], writer, title="会議を開催", issued_on=in_ten_days)


def test_submission_is_blocked_without_a_note_that_requests_the_booking(
    draft: Edition, writer: User, in_ten_days: date
) -> None:
    [blocker] = blockers_of(Action.SUBMIT, edition=draft, actor=writer)
    assert blocker.code == "issued_later"
    assert japanese_date(in_ten_days) in blocker.sentence
    assert codes(Action.SUBMIT, edition=draft, actor=writer, note=" ") == {"issued_later"}
    assert codes(Action.SUBMIT, edition=draft, actor=writer, note=NOTE) == set()


def test_it_begins_on_its_day_in_tokyo_and_not_before(
    site: Site, draft: Edition, writer: User, approver: User, in_ten_days: date
) -> None:
    edition = submit(edition=draft, actor=writer, note=NOTE)
    midnight = datetime.combine(in_ten_days, time(), TOKYO)
    for at in (None, midnight - timedelta(minutes=1)):
        found = codes(Action.APPROVE, editions=[edition], at=at, actor=approver)
        assert found == {"issued_later"}
    approve(editions=[edition], at=midnight, actor=approver)

    assert codes(
        Action.APPROVE_URGENTLY,
        edition=drafted(site.news[1], writer, title="公募", issued_on=in_ten_days),
        reason="急ぎ",
        actor=approver,
    ) == {"issued_later"}


def undated(site: Site, writer: User) -> Edition:
    page = add(parent=site.bureau, kind=Kind.NEWS_ITEM, slug="n", title="会議", actor=writer)
    draft = Edition.objects.get(page=page)
    changes = {"lead": "会議を開きます。"}
    draft = edit(edition=draft, actor=writer, changes=changes, revision=draft.revision)
    return submit(edition=draft, actor=writer)


def test_news_without_a_date_takes_the_day_of_its_start_in_tokyo_until_it_is_cancelled(
    site: Site, writer: User, approver: User, in_ten_days: date
) -> None:
    edition = undated(site, writer)
    midnight = datetime.combine(in_ten_days, time(), TOKYO)
    (booked,) = approve(editions=[edition], at=midnight, actor=approver)
    assert booked.issued_on == in_ten_days
    listing = NewsListing.objects.get(edition=booked)
    assert (listing.issued_on, listing.live_from) == (in_ten_days, midnight)
    (draft,) = cancel_booking(edition=booked, actor=approver)
    assert draft.issued_on is None


def test_form_and_review_screen_say_which_day_it_takes_and_in_which_lists_it_appears(
    site: Site, writer: User, approver: User
) -> None:
    edition = undated(site, writer)
    sentence = (
        "上の組織の新着情報（/main_sosiki/joho_kokusai/news/）と、サイト全体の新着情報（/news/）に"
        "出ます。発表日は空なので、公開が始まる日（日本時間）が発表日になります。"
    )
    review = client_of(approver).get(f"/admin/bureaus/edition/{edition.pk}/review/")
    assert sentence in review.content.decode()
    return_(edition=edition, actor=writer)
    form = client_of(writer).get(f"/admin/bureaus/edition/{edition.pk}/change/")
    assert sentence in form.content.decode()


def test_what_stands_in_no_list_anyway_has_no_such_day(
    site: Site, writer: User, in_ten_days: date
) -> None:
    ended = {"answer": Answer.ARCHIVED, "note": "終了しました。", "issued_on": in_ten_days}
    assert (
        codes(Action.SUBMIT, edition=drafted(site.news[0], writer, **ended), actor=writer) == set()
    )
    draft = start_draft(page=site.guide, actor=None)
    Edition.objects.filter(pk=draft.pk).update(issued_on=in_ten_days, is_minor=True, lead="要旨")
    draft.refresh_from_db()
    assert "issued_later" not in codes(Action.SUBMIT, edition=draft)


def test_the_form_and_the_review_screen_say_so(
    draft: Edition, writer: User, approver: User, in_ten_days: date
) -> None:
    day = japanese_date(in_ten_days)
    form = client_of(writer).get(f"/admin/bureaus/edition/{draft.pk}/change/").content.decode()
    assert f"発表日の{day}がまだ来ていません" in form
    response = client_of(writer).get(f"/admin/bureaus/edition/{draft.pk}/change/?submit=1")
    assert '<a href="#id_issued_on">発表日' in response.content.decode()

    submit(edition=draft, actor=writer, note=NOTE)
    html = client_of(approver).get(f"/admin/bureaus/edition/{draft.pk}/review/").content.decode()
    assert f"発表日の{day}が、公開開始の日より後です" in html
    assert html.count("公開開始の日より後です") >= 1
