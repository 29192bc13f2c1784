"""Between the branches: what an officer neither learns of another's, nor does to it."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Action, Answer, Edition, Kind, Link, Page, Role, State
from bureaus.models.placements import pages_at
from bureaus.publishing import Blocked, add, approve, edit, move, start_draft, submit
from bureaus.text.formatting import TOKYO
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, officer, publish
from tests.helpers.cast import approve as put
from tests.helpers.editing import codes, drafted, submitted

pytestmark = pytest.mark.one_database  # who may do what is the same on every database
pytestmark = pytest.mark.one_database  # who may do what is the same on every database
DAY = timedelta(days=1)


def of(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def screen(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def other(site: Site) -> Page:
    """A bureau in which no officer of the other one has a role."""
    return publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")


# What there is


def test_a_foreign_draft_of_a_public_page_answers_as_one_that_is_not_there(
    site: Site, writer: User, outsider: User
) -> None:
    draft, client = drafted(site.bureau, writer), of(outsider)
    for number in (draft.pk, draft.pk + 1_000):
        for name in ("edition-review", "edition-view", "bureaus_edition_change"):
            assert client.get(screen(name, number)).status_code == HTTPStatus.NOT_FOUND
        release_url = f"{screen('release')}?edition={number}"
        assert client.get(release_url).status_code == HTTPStatus.NOT_FOUND


def test_what_has_been_public_is_refused_with_the_way_to_go(site: Site, outsider: User) -> None:
    public = site.bureau.editions.get()
    refused = of(outsider).get(screen("edition-view", public.pk))
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "公開ページを見る" in refused.content.decode()


# The link that is shown once


def test_a_head_does_not_use_up_the_link_that_is_shown_once(site: Site, writer: User) -> None:
    draft, client = drafted(site.bureau, writer), of(writer)
    client.post(screen("edition-share", draft.pk))
    view = screen("edition-view", draft.pk)
    client.head(view)
    assert 'id="shared-link"' in client.get(view).content.decode()
    assert 'id="shared-link"' not in client.get(view).content.decode()


# What is booked


@pytest.fixture
def boss(site: Site) -> User:
    """Approves everywhere."""
    return officer("大臣官房", {site.root: [Role.APPROVER]})


@pytest.fixture
def author(site: Site) -> User:
    """Writes everywhere."""
    return officer("文書課", {site.root: [Role.WRITER]})


@pytest.fixture
def own_approver(site: Site) -> User:
    return officer("局の承認者", {site.bureau: [Role.APPROVER]})


def new_page(parent: Page, slug: str, author: User, **parts: Any) -> Edition:
    """A page that was never public, waiting for approval."""
    page = add(parent=parent, kind=Kind.PAGE, slug=slug, title=f"{slug}の題", actor=author)
    draft = Edition.objects.get(page=page)
    draft = edit(
        edition=draft,
        actor=author,
        changes={"lead": "要旨。"},
        revision=draft.revision,
        parts=parts.get("parts"),
    )
    return submit(edition=draft, actor=author)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_release_that_is_not_all_theirs_is_refused_without_a_word_of_the_rest(
    site: Site, other: Page, author: User, request: pytest.FixtureRequest, method: str
) -> None:
    boss, own_approver = (request.getfixturevalue(name) for name in ("boss", "own_approver"))
    secret = new_page(other, "himitsu", author)
    mine = new_page(site.bureau, "koukai", author)
    approve(editions=[secret, mine], actor=boss, at=timezone.now() + DAY)
    start_draft(page=secret.page, actor=author)  # which would be a reason of its own
    address = screen("edition-action", mine.pk, "cancel-booking")
    response = getattr(of(own_approver), method)(address)
    assert "himitsu" not in response.content.decode()
    if method == "post":
        assert response.status_code == HTTPStatus.FORBIDDEN
        assert "一括公開の一つです" in response.content.decode()
    assert Edition.objects.get(pk=mine.pk).state == State.APPROVED


def test_of_a_release_each_page_that_they_see_is_told_with_its_reasons(
    site: Site, other: Page, author: User, boss: User, own_approver: User
) -> None:
    mine, secret = new_page(site.bureau, "koukai", author), new_page(other, "himitsu", author)
    _, mine = approve(editions=[secret, mine], actor=boss, at=timezone.now() + DAY)
    start_draft(page=mine.page, actor=author)
    both = {"role", "built_on"}
    assert codes(Action.CANCEL_BOOKING, edition=mine, actor=own_approver) == both
    assert codes(Action.CANCEL_BOOKING, edition=mine, actor=boss) == {"built_on"}


def test_a_foreign_booking_that_leads_here_is_not_named(
    site: Site, other: Page, author: User, boss: User, own_approver: User
) -> None:
    target = new_page(site.bureau, "mato", author)
    link = {Link: [Link(text="次へ", page=target.page)]}
    secret = new_page(other, "himitsu", author, parts=link)
    start = timezone.now() + DAY
    [target] = approve(editions=[target], actor=boss, at=start)
    approve(editions=[secret], actor=boss, at=start + DAY)
    counts = {
        person: " ".join(map(str, blockers_of(Action.CANCEL_BOOKING, edition=target, actor=who)))
        for person, who in (("own", own_approver), ("boss", boss))
    }
    assert "ほかの部局の予約が、このページへ導いています" in counts["own"]
    assert "himitsu" not in counts["own"]
    assert "/himitsu/" in counts["boss"]


def test_no_moment_that_is_tried_tells_what_is_booked_elsewhere(
    site: Site, other: Page, author: User, boss: User, own_approver: User
) -> None:
    put(other, "統計局", live_from=timezone.now() + 5 * DAY, answer=Answer.GONE, note="終了")
    edition = new_page(site.bureau, "new", author, parts={Link: [Link(text="局", page=other)]})

    def is_named(who: User, days: int) -> bool:
        at = timezone.localtime(timezone.now() + days * DAY, TOKYO)
        when = f"when=later&date={at:%Y-%m-%d}&time={at:%H:%M}"
        release_url = f"{screen('release')}?edition={edition.pk}&{when}"
        return "公開開始のときに公開されて" in of(who).get(release_url).content.decode()

    assert [is_named(own_approver, days) for days in (1, 6)] == [False, False]
    assert [is_named(boss, days) for days in (1, 6)] == [False, True]


def test_what_is_booked_elsewhere_stops_the_action_without_its_name(
    site: Site, other: Page, author: User, own_approver: User
) -> None:
    put(other, "統計局", live_from=timezone.now() + 5 * DAY, answer=Answer.GONE, note="終了")
    edition = new_page(site.bureau, "new", author, parts={Link: [Link(text="局", page=other)]})
    with pytest.raises(Blocked) as caught:
        approve(editions=[edition], actor=own_approver, at=timezone.now() + 6 * DAY)
    assert [blocker.code for blocker in caught.value.blockers] == ["link"]
    assert "toukei" not in str(caught.value)
    approve(editions=[edition], actor=own_approver, at=timezone.now() + DAY)


def test_a_parent_that_is_booked_to_end_is_not_told_to_who_does_not_keep_it(
    site: Site, author: User, boss: User
) -> None:
    insider = officer("節の承認者", {site.bureau: [Role.APPROVER]})
    put(site.guide, "案内", live_from=timezone.now() + 5 * DAY, answer=Answer.GONE, note="終了")
    edition = submitted(site.bureau, author)
    own, whole = (
        [str(r) for r in blockers_of(Action.APPROVE, editions=[edition], actor=who)]
        for who in (insider, boss)
    )
    assert site.guide.url_path not in own[0].replace(site.bureau.url_path, "")
    assert "上のページが" in own[0]
    assert f"「{site.guide.url_path}」" in whole[0]


# The future


@pytest.fixture
def booked_around(site: Site) -> datetime:
    """What others have booked around a section; a moment when all of it will have begun."""
    put(site.sections[1], "ヒミツの節", live_from=timezone.now() + 5 * DAY)
    put(site.guide, "ヒミツの案内", live_from=timezone.now() + 5 * DAY)
    return timezone.now() + 9 * DAY


def test_the_future_of_the_surroundings_is_for_who_keeps_the_whole_site(
    site: Site, booked_around: datetime, boss: User
) -> None:
    insider = officer("節の担当", {site.sections[0]: [Role.WRITER]})
    edition = Edition.objects.get(page=site.sections[0])
    at = timezone.localtime(booked_around, TOKYO)
    frame = f"{screen('edition-preview', edition.pk)}?at={at:%Y-%m-%d}"
    bar = f"{screen('edition-view', edition.pk)}?date={at:%Y-%m-%d}&time={at:%H:%M}"
    content = of(insider).get(frame).content.decode()
    assert "ICT政策の企画" in content
    assert "ヒミツ" not in content
    assert "見え方です。まわりのページは、いまの内容です。" in of(insider).get(bar).content.decode()
    whole = of(boss).get(frame).content.decode()
    assert "ヒミツの節" in whole
    assert "ヒミツの案内" in whole
    assert "それまでに始まる予約も入っています" in of(boss).get(bar).content.decode()


def test_around_a_booked_edition_of_a_branch_stands_what_is_public_now(
    site: Site, booked_around: datetime
) -> None:
    insider = officer("節の担当", {site.sections[0]: [Role.WRITER]})
    booking = put(site.sections[0], "予約した節", live_from=booked_around)
    content = of(insider).get(screen("edition-preview", booking.pk)).content.decode()
    assert "予約した節" in content
    assert "ヒミツ" not in content
    bar = of(insider).get(screen("edition-view", booking.pk)).content.decode()
    assert "まわりのページは、いまの内容です" in bar


# The redirects


OLD = "/main_sosiki/joho_kokusai/old/"


@pytest.fixture
def moved(site: Site, other: Page) -> Page:
    """A page that has gone to another bureau; its former address leads there."""
    return move(page=publish(site.bureau, "old", "移った案内"), to=other, actor=None)


def people(site: Site, other: Page) -> dict[str, User]:
    manager = [Role.MANAGER]
    return {
        "writer": officer("書き手", {site.bureau: [Role.WRITER], other: manager}),
        "own": officer("こちらの管理者", {site.bureau: manager}),
        "both": officer("両方の管理者", {site.bureau: manager, other: manager}),
    }


@pytest.mark.parametrize("who", ["writer", "own", "both"])
def test_only_a_manager_of_both_sides_ends_a_redirect(
    site: Site, other: Page, moved: Page, citizen: Client, who: str
) -> None:
    client = of(people(site, other)[who])
    typed = {"kind": "page", "title": "新しい案内", "slug": "old"}
    address = screen("page-add", site.bureau.pk)
    release_url = client.post(address, typed)
    assert release_url.status_code == HTTPStatus.CONFLICT
    assert ('name="end_redirects"' in release_url.content.decode()) is (who == "both")
    assert ("両方の場所を担当する管理者だけ" in release_url.content.decode()) is (who != "both")
    done = client.post(address, typed | {"end_redirects": "on"})
    assert done.status_code == (HTTPStatus.FOUND if who == "both" else HTTPStatus.CONFLICT)
    assert 'name="end_redirects"' not in done.content.decode()
    assert citizen.get(OLD).status_code == HTTPStatus.MOVED_PERMANENTLY
    if who == "both":  # the redirect ends when the new page is public
        put(pages_at([OLD])[OLD], "新しい案内", live_from=timezone.now())
        assert citizen.get(OLD).status_code == HTTPStatus.OK


@pytest.mark.parametrize("who", ["own", "both"])
def test_a_move_and_a_new_name_ask_the_same(site: Site, other: Page, moved: Page, who: str) -> None:
    actor = people(site, other)[who]
    page, deep = publish(site.bureau, "hoka", "ほか"), publish(site.sections[0], "old", "下の")
    wanted: set[str] = set() if who == "both" else {"former_address_of_others"}
    assert codes(Action.RENAME, page=page, slug="old", end_redirects=True, actor=actor) == wanted
    assert codes(Action.MOVE, page=deep, to=site.bureau, end_redirects=True, actor=actor) == wanted
    without = {"former_address"} if who == "both" else {"former_address_of_others"}
    assert codes(Action.RENAME, page=page, slug="old", actor=actor) == without


def test_the_page_that_loses_a_redirect_says_so(
    site: Site, other: Page, moved: Page, manager: User
) -> None:
    page = add(
        parent=site.bureau,
        kind=Kind.PAGE,
        slug="old",
        title="新",
        actor=manager,
        end_redirects=True,
    )
    event = moved.audit_entries.latest("pk")
    assert (event.actor, event.details) == (manager, {"lost": [OLD]})
    assert page.audit_entries.get().details == {"released": [OLD]}
    detail = of(manager).get(screen("bureaus_page_change", moved.pk)).content.decode()
    assert f"転送が終わった旧アドレス {OLD}" in detail
