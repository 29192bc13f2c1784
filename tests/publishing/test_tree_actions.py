"""add, move and rename: what they do, what they refuse, and what stays findable."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    Edition,
    FormerAddress,
    Kind,
    NewsListing,
    Page,
    Placement,
    State,
)
from bureaus.models.placements import pages_at
from bureaus.publishing import Blocked, add, cancel_change, discard, move, rename
from bureaus.publishing.tree_bookings import booked_changes
from bureaus.search import refresh
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import (
    OPENING,
    Site,
    approve,
    branch_of,
    children_of,
    place,
    place_all,
    publish,
)


def codes(action: Action, **subject: object) -> set[str]:
    return {blocker.code for blocker in blockers_of(action, **subject)}


def test_a_new_page_stands_last_with_an_empty_draft_and_an_event(site: Site, manager: User) -> None:
    page = add(
        parent=site.guide, kind=Kind.PAGE, slug="access", title="所在地", actor=manager, note="新設"
    )

    assert page.url_path == "/main_sosiki/access/"
    assert children_of(site.guide) == [site.bureau, page]
    draft = Edition.objects.get(page=page)
    assert (draft.state, draft.title, draft.number) == (State.DRAFT, "所在地", 1)
    event = AuditEntry.objects.get()
    assert (event.action, event.page, event.actor, event.note) == (
        Action.ADD,
        page,
        manager,
        "新設",
    )


def test_a_draft_page_answers_404(site: Site, citizen: Client) -> None:
    add(parent=site.guide, kind=Kind.PAGE, slug="access", title="所在地", actor=None)
    assert citizen.get("/main_sosiki/access/").status_code == 404


def test_a_moved_branch_answers_at_its_new_addresses_and_redirects_from_all_old_ones(
    site: Site, citizen: Client, manager: User
) -> None:
    archive = publish(site.root, "archive", "保存庫")

    moved = move(page=site.bureau, to=archive, actor=manager, note="組織改編")

    assert moved.url_path == "/archive/joho_kokusai/"
    for old in ("joho_kokusai/", "joho_kokusai/ict_seisaku/", "joho_kokusai/kaigi-3/"):
        response = citizen.get(f"/main_sosiki/{old}?a=1")
        assert (response.status_code, response["Location"]) == (301, f"/archive/{old}?a=1")
    event = AuditEntry.objects.get()
    assert event.details == {"old": "/main_sosiki/joho_kokusai/", "new": "/archive/joho_kokusai/"}
    assert (event.actor, event.note) == (manager, "組織改編")
    assert problems() == []


def test_redirects_never_chain_however_often_a_page_moves(site: Site, citizen: Client) -> None:
    for slug in ("b", "c", "d"):
        rename(page=site.bureau, slug=slug, actor=None)

    for old in ("joho_kokusai", "b", "c"):
        assert citizen.get(f"/main_sosiki/{old}/")["Location"] == "/main_sosiki/d/"


def test_a_page_that_comes_back_has_its_old_address_again_and_no_loop(
    site: Site, citizen: Client
) -> None:
    rename(page=site.bureau, slug="b", actor=None)
    rename(page=site.bureau, slug="joho_kokusai", actor=None)

    assert citizen.get("/main_sosiki/joho_kokusai/ict_seisaku/").status_code == 200
    assert citizen.get("/main_sosiki/b/")["Location"] == "/main_sosiki/joho_kokusai/"
    assert FormerAddress.objects.filter(url_path__startswith="/main_sosiki/joho").count() == 0


def test_only_addresses_that_ever_answered_redirect(site: Site, citizen: Client) -> None:
    add(parent=site.bureau, kind=Kind.PAGE, slug="draft", title="下書き", actor=None)
    booked = place(site.bureau, "booked")
    approve(booked, "予約", live_from=timezone.now() + timedelta(days=1))

    rename(page=site.bureau, slug="b", actor=None)

    answers = {
        slug: citizen.get(f"/main_sosiki/joho_kokusai/{slug}/").status_code
        for slug in ("ict_seisaku", "draft", "booked")
    }
    assert answers == {"ict_seisaku": 301, "draft": 404, "booked": 404}


def news_of(client: Client, address: str, at: str = "") -> bool:
    """Whether the list of the organisation has 会議（第3回）."""
    return "会議（第3回）" in client.get(f"{address}news/{at}").content.decode()


def test_moved_news_is_in_the_list_of_the_organisation_above_it_at_each_moment(
    site: Site, citizen: Client
) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    move(page=site.news[0], to=other, actor=None)

    assert news_of(citizen, "/main_sosiki/toukei/")
    assert not news_of(citizen, "/main_sosiki/joho_kokusai/")
    assert news_of(citizen, "/main_sosiki/joho_kokusai/", "?at=2014-01-01")
    assert not news_of(citizen, "/main_sosiki/toukei/", "?at=2014-01-01")
    assert problems() == []


def test_news_that_is_booked_to_move_stays_in_its_list_until_then(
    site: Site, citizen: Client
) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    before = list(NewsListing.objects.order_by("page").values_list("page", "organisation"))
    start = timezone.now() + timedelta(days=1)
    move(page=site.news[0], to=other, at=start, actor=None)

    assert news_of(citizen, "/main_sosiki/joho_kokusai/")
    assert not news_of(citizen, "/main_sosiki/toukei/")
    [booked] = booked_changes(site.news[0])
    assert NewsListing.objects.get(organisation=other).live_from == start
    cancel_change(page=site.news[0], release=booked.release, actor=None)
    after = list(NewsListing.objects.order_by("page").values_list("page", "organisation"))
    assert after == before
    assert problems() == []


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("joho_kokusai", "taken"),
        ("news", "reserved"),
        ("admin", "reserved"),
        ("Ａ", "slug"),
        ("a b", "slug"),
        ("", "slug"),
        ("-a", "slug"),
        ("a" * 81, "slug"),
        ("..", "slug"),
    ],
)
def test_slugs_that_are_refused(site: Site, slug: str, code: str) -> None:
    found = codes(Action.ADD, parent=site.guide, kind=Kind.PAGE, slug=slug)
    assert {"reserved": "slug"}.get(code, code) in found


def test_every_reason_is_given_at_once(site: Site) -> None:
    blockers = blockers_of(Action.ADD, parent=site.news[0], kind=Kind.ORGANISATION, slug="admin")
    assert {blocker.code for blocker in blockers} == {"kind", "slug"}
    assert all(blocker.sentence.endswith("。") for blocker in blockers)


def test_a_title_that_no_database_holds_is_refused(site: Site) -> None:
    subject = {"parent": site.guide, "kind": Kind.PAGE, "slug": "x", "title": "あ" * 201}
    assert codes(Action.ADD, **subject) == {"page_title"}


def test_a_refused_action_changes_nothing(site: Site) -> None:
    before = list(Placement.objects.values())
    with pytest.raises(Blocked, match="それ自身またはその下"):
        move(page=site.guide, to=site.bureau, actor=None)
    assert list(Placement.objects.values()) == before
    assert not AuditEntry.objects.exists()


def test_the_root_neither_moves_nor_changes_its_name(site: Site) -> None:
    assert codes(Action.MOVE, page=site.root, to=site.bureau) == {"root"}
    assert codes(Action.RENAME, page=site.root, slug="x") == {"root"}


def test_a_page_cannot_go_where_its_kind_may_not_stand(site: Site) -> None:
    assert "kind" in codes(Action.MOVE, page=site.news[0], to=site.guide)


def test_a_public_page_cannot_go_under_one_that_is_not(site: Site) -> None:
    draft = place(site.guide, "draft")
    booked = place(site.guide, "booked")
    approve(booked, "予約", live_from=timezone.now() + timedelta(days=1))
    gone = publish(site.guide, "gone", "なくなった")
    approve(gone, "なくなった", live_from=OPENING + timedelta(days=1), answer=Answer.GONE)

    for target in (draft, booked, gone):
        assert codes(Action.MOVE, page=publish_once(site), to=target) == {"parent_unreadable"}


def publish_once(site: Site) -> Page:
    page = pages_at(["/main_sosiki/p/"]).get("/main_sosiki/p/")
    return page or publish(site.guide, "p", "ページ")


def test_a_booked_page_cannot_go_under_one_that_ends_before(site: Site) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    ending = publish(site.guide, "ending", "終わる")
    approve(ending, "終わる", live_from=tomorrow, answer=Answer.GONE)
    booked = place(site.guide, "booked")
    approve(booked, "予約", live_from=tomorrow + timedelta(days=1))

    (blocker,) = blockers_of(Action.MOVE, page=booked, to=ending)
    assert blocker.code == "parent_unreadable"


def test_another_pages_former_address_is_taken_only_on_purpose(site: Site, citizen: Client) -> None:
    rename(page=site.bureau, slug="b", actor=None)
    other = publish(site.guide, "other", "別の局", kind=Kind.ORGANISATION)
    publish(other, "ict_seisaku", "別の政策", kind=Kind.POLICY_SECTION)

    blockers = blockers_of(Action.RENAME, page=other, slug="joho_kokusai")
    assert [blocker.code for blocker in blockers] == ["former_address", "former_address"]

    rename(page=other, slug="joho_kokusai", actor=None, end_redirects=True)

    assert citizen.get("/main_sosiki/joho_kokusai/").status_code == 200
    event = AuditEntry.objects.order_by("-pk")[0]
    assert event.details["released"] == [
        "/main_sosiki/joho_kokusai/",
        "/main_sosiki/joho_kokusai/ict_seisaku/",
    ]
    assert problems() == []


def test_an_address_or_a_tree_that_would_grow_too_deep_is_refused(site: Site) -> None:
    deep = site.guide
    for number in range(12):
        deep = place(deep, "x" * 75 + f"{number:03}")
    target = place(site.root, "y" * 80)
    assert "too_deep" in codes(
        Action.MOVE, page=Page.objects.get(pk=site.bureau.pk), to=deep
    ) | codes(Action.ADD, parent=deep, kind=Kind.PAGE, slug="z" * 80)
    assert codes(Action.RENAME, page=site.guide, slug="w" * 80) == {"too_deep"}
    assert codes(Action.MOVE, page=site.guide, to=target) >= {"too_deep"}


def test_a_branch_of_a_thousand_pages_moves_with_all_its_redirects_in_forty_queries(
    site: Site, citizen: Client
) -> None:
    archive = publish(site.root, "archive", "保存庫")
    home = site.bureau.url_path
    addresses = [f"{home}p{number}/" for number in range(994)]
    keys = [page.pk for page in place_all(dict.fromkeys(addresses, Kind.PAGE))]
    Edition.objects.bulk_create(
        Edition(
            page_id=pk,
            number=1,
            state=State.APPROVED,
            live_from=OPENING,
            title="資料",
            category="general",
        )
        for pk in keys
    )
    refresh(keys)
    assert branch_of(site.bureau).count() >= 999

    with CaptureQueriesContext(connection) as queries:
        move(page=site.bureau, to=archive, actor=None)

    assert len(queries) <= 40
    assert Placement.objects.exclude(live_until=None).count() == 999
    assert AuditEntry.objects.count() == 1
    assert citizen.get(f"{home}p993/")["Location"] == "/archive/joho_kokusai/p993/"
    assert problems() == []


def test_a_page_that_was_never_public_is_discarded_with_its_former_addresses(site: Site) -> None:
    page = add(parent=site.guide, kind=Kind.PAGE, slug="draft", title="下書き", actor=None)
    FormerAddress.objects.create(url_path="/old/", page=page)

    discard(edition=Edition.objects.get(page=page), actor=None)

    assert not Page.objects.filter(pk=page.pk).exists()
    assert not FormerAddress.objects.exists()
