"""The public page with an edition in place, in a frame: for those with a role in the branch."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, Answer, AuditEntry, Edition, Kind, Page, Role, State
from bureaus.publishing import approve, edit, start_draft, submit
from bureaus.text.formatting import iso_moment
from tests.helpers import cast
from tests.helpers.cast import Site, tokyo
from tests.helpers.editing import TOMORROW, drafted, submitted
from tests.helpers.generator import grow
from tests.helpers.review_screens import booked, enter
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database

BUDGET = 15


def frame(edition: Edition, at: str = "") -> str:
    return f"/admin/bureaus/edition/{edition.pk}/preview/" + (f"?at={at}" if at else "")


def view(edition: Edition) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/view/"


def test_the_frame_holds_the_whole_public_page_with_the_draft(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, lead="打ち合わせ中の要旨")
    response = enter(writer).get(frame(draft))
    text = response.content.decode()
    assert response.status_code == 200
    assert "打ち合わせ中の要旨" in text
    assert "情報通信国際戦略局の紹介" in text
    assert '<base target="_blank">' in text


def test_only_the_admin_may_frame_it_and_nobody_keeps_it(site: Site, writer: User) -> None:
    response = enter(writer).get(frame(drafted(site.bureau, writer)))
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_the_page_around_the_frame_may_not_be_framed_and_frames_only_ours(
    site: Site, writer: User
) -> None:
    policy = enter(writer).get(view(drafted(site.bureau, writer)))["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_booking_is_shown_with_what_is_booked_around_it(
    site: Site, writer: User, approver: User, operator: User
) -> None:
    booked(site.sections[0], writer, approver, title="これからの政策")
    draft = start_draft(page=site.bureau, actor=writer)
    changes = {"lead": "要旨", "change_note": "直しました。"}
    draft = edit(edition=draft, actor=writer, changes=changes, revision=draft.revision)
    later = timezone.now() + TOMORROW * 2
    edition = approve(editions=[submit(edition=draft, actor=writer)], actor=approver, at=later)[0]
    assert "これからの政策" in enter(operator).get(frame(edition)).content.decode()


def test_a_future_moment_can_be_asked_for(
    site: Site, writer: User, approver: User, operator: User
) -> None:
    booked(site.sections[0], writer, approver, title="これからの政策")
    draft = drafted(site.bureau, writer)
    later = iso_moment(timezone.now() + TOMORROW * 2)
    client = enter(operator)
    assert "これからの政策" not in client.get(frame(draft)).content.decode()
    assert "これからの政策" in client.get(frame(draft, later)).content.decode()


@pytest.mark.parametrize("at", ["never", "2013-99-01", "9999-12-31", "0001-01-01"])
def test_a_moment_that_is_none_is_a_sentence(site: Site, writer: User, at: str) -> None:
    response = enter(writer).get(frame(drafted(site.bureau, writer), at))
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert "日時を読み取れません" in response.content.decode()


def test_a_past_edition_is_shown_as_it_was(site: Site, writer: User) -> None:
    first = site.guide.editions.get()
    cast.approve(site.guide, "新しい組織案内", live_from=tokyo(2014))
    cast.publish(site.guide, "later", "後からの局", kind=Kind.ORGANISATION, live_from=tokyo(2015))
    officer = cast.officer("案内係", {site.guide: [Role.WRITER]})
    text = enter(officer).get(frame(first)).content.decode()
    assert "2013年4月1日0時00分</time>の時点の内容を表示しています" in text
    assert "後からの局" not in text


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.MOVED])
def test_an_end_is_no_error_in_a_frame(site: Site, writer: User, answer: Answer) -> None:
    target = site.sections[1] if answer == Answer.MOVED else None
    draft = drafted(site.sections[0], writer, answer=answer, moved_to=target, note="終わりました")
    response = enter(writer).get(frame(draft))
    assert response.status_code == 200
    expected = "転送されます" if answer == Answer.MOVED else "終わりました"
    assert expected in response.content.decode()


@pytest.mark.parametrize("person", ["writer", "approver", "manager", "operator", "outsider"])
@pytest.mark.parametrize("state", ["draft", "review", "booked", "in force"])
def test_officers_of_the_branch_see_it_and_nobody_else(
    site: Site, request: pytest.FixtureRequest, state: str, person: str
) -> None:
    writer, approver = (request.getfixturevalue(name) for name in ("writer", "approver"))
    edition = {
        "draft": lambda: drafted(site.bureau, writer, lead="ひみつ"),
        "review": lambda: submitted(site.bureau, writer, lead="ひみつ"),
        "booked": lambda: booked(site.bureau, writer, approver, lead="ひみつ"),
        "in force": lambda: Edition.objects.get(page=site.bureau),
    }[state]()
    client = enter(request.getfixturevalue(person))
    hidden = 403 if state == "in force" else 404  # a draft is not there, whatever its page is
    expected = hidden if person == "outsider" else 200
    for address in (frame(edition), view(edition)):
        response = client.get(address)
        assert response.status_code == expected
        assert ("ひみつ" in response.content.decode()) is False or expected == 200


def test_of_a_page_never_public_others_do_not_even_learn_that_it_is(
    site: Site, writer: User, outsider: User
) -> None:
    page = cast.place(site.bureau, "new")
    draft = Edition(page=page, number=1, title="ひみつ", category="general")
    draft.save()
    assert enter(outsider).get(frame(draft)).status_code == 404
    assert enter(outsider).get(view(draft)).status_code == 404
    assert enter(outsider).post(view(draft).replace("view", "share")).status_code == 404


def test_a_stranger_is_asked_to_log_in(site: Site, writer: User, citizen: Client) -> None:
    draft = drafted(site.bureau, writer)
    for address in (frame(draft), view(draft)):
        assert citizen.get(address)["Location"].startswith("/admin/login/")


def test_nothing_is_changed_by_looking(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    client, before = enter(writer), AuditEntry.objects.count()
    assert client.get(frame(draft)).status_code == 200
    assert client.get(view(draft)).status_code == 200
    assert client.post(frame(draft)).status_code == 405
    assert client.post(view(draft)).status_code == 405
    assert AuditEntry.objects.count() == before


def test_the_bar_says_which_edition_and_when(site: Site, writer: User, approver: User) -> None:
    edition = booked(site.bureau, writer, approver)
    text = enter(approver).get(view(edition)).content.decode()
    assert "<strong>第2版</strong>" in text
    assert "公開予約" in text
    assert "公開が始まる日時" in text


def test_a_chosen_minute_is_tokyo_s(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    text = enter(writer).get(view(draft) + "?date=2031-07-01&time=14:05").content.decode()
    assert "at=2031-07-01T14%3A05%3A00%2B09%3A00" in text
    assert "2031年7月1日14時05分に" in text


def test_half_a_moment_is_asked_for_again(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    text = enter(writer).get(view(draft) + "?date=2031-07-01&time=").content.decode()
    assert "時刻を選んでください" in text
    assert 'value="2031-07-01"' in text


@pytest.mark.parametrize("size", [20, MANY])
def test_a_preview_costs_the_same_at_any_size(db: None, size: int) -> None:
    grow(size)
    page = Page.objects.get(key="/main_sosiki/joho_kokusai/")
    draft = start_draft(page=page, actor=None)
    officer = enter(cast.officer("鈴木", {page: [Role.WRITER]}))
    officer.get("/admin/")
    for address, cost in ((frame(draft), 15), (view(draft), 6)):
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(address).status_code == 200
        assert len(queries) == cost <= BUDGET, [query["sql"] for query in queries]


@pytest.mark.parametrize("kind", ["home", "guide", "bureau", "section", "news item", "sitemap"])
def test_no_kind_of_page_costs_more(db: None, kind: str) -> None:
    page = Page.objects.get(key=grow(100)[kind])
    draft = start_draft(page=page, actor=None)
    officer = enter(cast.officer("鈴木", {page: [Role.WRITER]}))
    officer.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert officer.get(frame(draft)).status_code == 200
    assert len(queries) <= BUDGET, [query["sql"] for query in queries]


# The link


def share(client: Client, edition: Edition) -> str:
    """Make a link as an officer does; return its path."""
    address = view(edition)
    response = client.post(address.replace("view", "share"))
    assert response["Location"] == address
    text = client.get(address).content.decode()
    return text.partition('value="http://localhost')[2].partition('"')[0]


@pytest.mark.parametrize("person", ["writer", "approver"])
def test_the_link_is_shown_once_and_kept_nowhere(
    site: Site, request: pytest.FixtureRequest, person: str
) -> None:
    draft = drafted(site.bureau, request.getfixturevalue("writer"))
    client = enter(request.getfixturevalue(person))
    link = share(client, draft)
    assert link.startswith("/preview/")
    assert "/preview/" not in client.get(view(draft)).content.decode().replace(frame(draft), "")
    event = AuditEntry.objects.get(action=Action.SHARE, edition=draft)
    token = link.split("/")[2]
    assert token not in f"{event.note}{event.details}"
    assert "until" in event.details


@pytest.mark.parametrize(
    ("person", "state", "status"),
    [
        ("manager", State.DRAFT, 403),
        ("outsider", State.DRAFT, 404),
        ("writer", State.REVIEW, 302),
        ("writer", "booked", 409),
    ],
)
def test_who_may_share_what(
    site: Site, request: pytest.FixtureRequest, person: str, state: str, status: int
) -> None:
    writer, approver = (request.getfixturevalue(name) for name in ("writer", "approver"))
    edition = {
        State.DRAFT: lambda: drafted(site.bureau, writer),
        State.REVIEW: lambda: submitted(site.bureau, writer),
        "booked": lambda: booked(site.bureau, writer, approver),
    }[state]()
    client = enter(request.getfixturevalue(person))
    response = client.post(view(edition).replace("view", "share"))
    assert response.status_code == status
    assert AuditEntry.objects.filter(action=Action.SHARE).exists() is (status == 302)


def test_a_disabled_button_says_why(site: Site, writer: User, approver: User) -> None:
    edition = booked(site.bureau, writer, approver)
    text = enter(writer).get(view(edition)).content.decode()
    assert "確認用リンクを作れるのは下書きと確認待ちだけです" in text
    assert 'type="submit" disabled>確認用リンクを作る' in text


def test_a_link_is_made_by_sending_a_form_only(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.force_login(writer)
    address = view(draft).replace("view", "share")
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 403
    assert not AuditEntry.objects.filter(action=Action.SHARE).exists()


def test_the_lifetime_is_a_setting(site: Site, writer: User, settings: object) -> None:
    settings.SHARED_PREVIEWS_LAST = timedelta(days=2)  # type: ignore[attr-defined]
    share(enter(writer), drafted(site.bureau, writer))
    event = AuditEntry.objects.get(action=Action.SHARE)
    until = timezone.datetime.fromisoformat(event.details["until"])  # type: ignore[attr-defined]
    assert timedelta(days=2) - timedelta(minutes=1) < until - timezone.now() <= timedelta(days=2)
