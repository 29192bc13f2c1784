"""The filters of the tree, and what they hide from officers of other branches."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.admin.core.page_states import Chip
from bureaus.models import Answer, Edition, Kind, Page, Role
from bureaus.publishing import add, approve, rename, start_draft
from tests.admin.test_tree import SECRET, TREE, Opened, open_tree, row, rows_at, titles
from tests.helpers.cast import Site, officer, place, publish, publish_below, tokyo
from tests.helpers.cast import approve as approved
from tests.helpers.editing import drafted, submitted

pytestmark = pytest.mark.django_db
__all__ = ["open_tree"]


# Searching and narrowing


def test_the_search_finds_titles_and_addresses_in_the_whole_site(
    site: Site, outsider: User, open_tree: Opened
) -> None:
    assert titles(open_tree(outsider, f"{TREE}?q=ＩＣＴ")) == ["ICT政策の企画"]
    assert titles(open_tree(outsider, f"{TREE}?q=KENKYU")) == ["研究開発の推進"]
    whole = "https://www.example.go.jp/main_sosiki/joho_kokusai/kenkyu/"
    assert titles(open_tree(outsider, f"{TREE}?q={whole}")) == ["研究開発の推進"]
    assert "当てはまるページはありません" in open_tree(outsider, f"{TREE}?q=存在しない")


def test_the_search_finds_the_title_of_a_draft_in_ones_own_branch(
    site: Site, writer: User, open_tree: Opened
) -> None:
    drafted(site.sections[0], writer, title=SECRET)
    assert titles(open_tree(writer, f"{TREE}?q={SECRET}")) == ["ICT政策の企画"]


def test_the_search_keeps_to_the_branch_that_is_chosen(
    site: Site, writer: User, open_tree: Opened
) -> None:
    assert len(titles(open_tree(writer, f"{TREE}?q=main_sosiki"))) == 6
    assert len(titles(open_tree(writer, f"{TREE}?q=main_sosiki&under={site.bureau.pk}"))) == 5


def test_a_long_list_goes_on_where_it_stopped_and_counts_nothing(
    site: Site, operator: User, open_tree: Opened
) -> None:
    publish_below(site.sections[0], {f"n{number}": f"別表{number}" for number in range(60)})
    first = open_tree(operator, f"{TREE}?q=別表")
    assert "50件を表示しています。続きがあります。" in first
    following = re.search(r'class="button" href="([^"]+after[^"]+)"', first)
    assert following is not None
    rest = open_tree(operator, following[1].replace("&amp;", "&"))
    assert len(titles(rest)) == 10
    assert set(titles(first)) | set(titles(rest)) == {f"別表{number}" for number in range(60)}


@pytest.fixture
def people(writer: User, approver: User, outsider: User) -> tuple[User, User, User]:
    return writer, approver, outsider


def stand_in_every_state(site: Site, writer: User, approver: User) -> dict[Chip, Page]:
    """Add a page in each state below the bureau."""
    pages: dict[Chip, Page] = {
        chip: publish(site.bureau, f"s-{chip.value}", f"状態{chip.value}")
        for chip in Chip
        if chip not in (Chip.DRAFT, Chip.REVIEW, Chip.BOOKED)
    }
    for chip, answer in (
        (Chip.ARCHIVED, Answer.ARCHIVED),
        (Chip.MOVED, Answer.MOVED),
        (Chip.GONE, Answer.GONE),
    ):
        target = site.guide if answer == Answer.MOVED else None
        approved(pages[chip], "終わり", live_from=tokyo(2014), answer=answer, moved_to=target)
    for chip in (Chip.DRAFT, Chip.REVIEW, Chip.BOOKED):
        pages[chip] = publish(site.bureau, f"s-{chip.value}", f"状態{chip.value}")
    drafted(pages[Chip.DRAFT], writer)
    submitted(pages[Chip.REVIEW], writer)
    booking = submitted(pages[Chip.BOOKED], writer)
    approve(editions=[booking], actor=approver, at=timezone.now() + timedelta(days=1))
    start_draft(page=pages[Chip.REVISED], actor=writer)
    later = timezone.now() + timedelta(days=1)
    rename(page=pages[Chip.PLACE], slug="s-later", actor=None, at=later)
    return pages


def test_a_state_lists_the_pages_that_show_its_chip_and_no_others(
    site: Site, people: tuple[User, User, User], open_tree: Opened, subtests: pytest.Subtests
) -> None:
    writer, approver, outsider = people
    stand_in_every_state(site, writer, approver)
    pages = Page.objects.all()
    for who in (writer, outsider):
        everything = open_tree(who, f"{TREE}?list=1")
        rows = {
            page.pk: row(everything, page) for page in pages if f'id="p{page.pk}"' in everything
        }
        for chip in Chip:
            with subtests.test(chip=chip, who=who.username):
                expected = {key for key, html in rows.items() if f'data-state="{chip}"' in html}
                listed = open_tree(who, f"{TREE}?state={chip}")
                assert {int(key) for key in re.findall(r'id="p(\d+)"', listed)} == expected
                assert expected or who == outsider


def test_a_kind_lists_the_pages_of_that_kind(site: Site, writer: User, open_tree: Opened) -> None:
    assert titles(open_tree(writer, f"{TREE}?kind=policy_section")) == [
        "ICT政策の企画",
        "研究開発の推進",
    ]
    assert titles(open_tree(writer, f"{TREE}?kind=news_item")) == [
        "会議（第3回）を開催",
        "第2回公募を開始",
    ]


def test_mine_are_the_drafts_that_i_have_edited(
    site: Site, writer: User, second_approver: User, open_tree: Opened
) -> None:
    drafted(site.sections[0], writer)
    drafted(site.sections[1], second_approver)
    assert titles(open_tree(writer, f"{TREE}?mine=1")) == ["ICT政策の企画"]


def test_what_waits_for_me_is_what_others_wrote_where_i_approve(
    site: Site, writer: User, approver: User, second_approver: User, open_tree: Opened
) -> None:
    submitted(site.sections[0], writer)
    submitted(site.sections[1], second_approver)
    both = ["ICT政策の企画", "研究開発の推進"]
    assert titles(open_tree(approver, f"{TREE}?waiting=1")) == both
    assert titles(open_tree(second_approver, f"{TREE}?waiting=1")) == both[:1]
    assert titles(open_tree(writer, f"{TREE}?waiting=1")) == []


# What is not theirs


@pytest.fixture
def hidden(site: Site, writer: User) -> list[str]:
    """Words and keys that only role holders of the bureau may see."""
    new = add(parent=site.bureau, kind=Kind.PAGE, slug="keikaku", title=SECRET, actor=writer)
    drafted(site.sections[0], writer, title=f"改めた{SECRET}")
    submitted(site.sections[1], writer, title=f"もう一つの{SECRET}")
    add(parent=site.sections[0], kind=Kind.PAGE, slug="naisho", title=SECRET, actor=writer)
    return [
        SECRET,
        "keikaku",
        "naisho",
        f'id="p{new.pk}"',
        "鈴木",
        "下書き</span>",
        "改訂あり）</span>",
    ]


def addresses_about(site: Site) -> list[str]:
    opened = ",".join(str(page.pk) for page in (site.guide, site.bureau, *site.sections))
    queries = [
        f"under={site.root.pk}&open={opened}",
        f"under={site.bureau.pk}",
        f"under={site.sections[0].pk}",
        f"q={SECRET}",
        "q=keikaku",
        "q=naisho",
        "list=1",
        "mine=1",
        "waiting=1",
        *(f"state={chip.value}" for chip in Chip),
        *(f"kind={kind.value}" for kind in Kind),
        f"under={site.root.pk}&show={Page.objects.get(placements__slug='keikaku').pk}",
        f"list=1&after={Page.objects.get(placements__slug='keikaku').pk}",
    ]
    parts = [rows_at(page) for page in (site.guide, site.bureau, *site.sections)]
    return [*(f"{TREE}?{query}" for query in queries), *parts]


def without_form(html: str) -> str:
    """Return the screen without the filters, which repeat the input."""
    html = re.sub(r'<form class="finder.*?</form>', "", html, flags=re.DOTALL)
    html = re.sub(r'<input type="hidden" name="back"[^>]*>', "", html)
    return re.sub(r"(\?|&amp;|%26)?(q|back)(=|%3D)[^\"&]*", "", html)


def test_nothing_unpublished_of_another_branch_is_shown(
    site: Site, outsider: User, open_tree: Opened, hidden: list[str]
) -> None:
    for address in addresses_about(site):
        html = without_form(open_tree(outsider, address))
        assert [word for word in hidden if word in html] == [], address


def test_role_holders_of_the_branch_see_it(
    site: Site, approver: User, open_tree: Opened, hidden: list[str]
) -> None:
    everything = "".join(without_form(open_tree(approver, each)) for each in addresses_about(site))
    assert [word for word in hidden if word not in everything] == []


def test_a_page_that_was_never_public_is_no_place_to_begin_for_others(
    site: Site, outsider: User, hidden: list[str]
) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(outsider)
    secret = Page.objects.get(placements__slug="keikaku")
    for address in (f"{TREE}?under={secret.pk}", f"{TREE}?list=1&under={secret.pk}"):
        assert client.get(address).status_code == 404
    assert client.get(rows_at(secret)).status_code == 404


def test_no_toggle_opens_above_pages_that_others_may_not_know_of(
    site: Site, writer: User, outsider: User, open_tree: Opened, hidden: list[str]
) -> None:
    address = f"{TREE}?under={site.bureau.pk}"
    assert "aria-expanded" not in row(open_tree(outsider, address), site.sections[0])
    assert "aria-expanded" in row(open_tree(writer, address), site.sections[0])


def test_an_own_branch_below_what_is_hidden_is_reached_and_what_is_above_is_not_named(
    site: Site, open_tree: Opened
) -> None:
    above = place(site.guide, "himitsu", Kind.ORGANISATION)
    Edition.objects.create(page=above, number=1, title=SECRET, category="bureau")
    own = place(above, "ka", Kind.ORGANISATION)
    Edition.objects.create(page=own, number=1, title="企画課", category="division")
    html = open_tree(officer("山本", {own: [Role.WRITER]}), TREE)
    assert titles(html) == ["企画課"]
    assert SECRET not in html


def test_boxes_and_moving_are_offered_to_those_who_may(
    site: Site, approver: User, manager: User, outsider: User, open_tree: Opened
) -> None:
    address = f"{TREE}?under={site.bureau.pk}"
    assert 'name="page"' in open_tree(approver, address)
    assert "data-moves" not in open_tree(approver, address)
    assert "data-moves" in open_tree(manager, address)
    assert 'name="page"' in open_tree(manager, address)  # to move several
    assert "data-moves" not in open_tree(outsider, address)
    assert 'name="page"' not in open_tree(outsider, address)


def test_the_root_is_not_moved(site: Site, manager: User, open_tree: Opened) -> None:
    html = open_tree(manager, TREE)
    assert "data-moves" not in row(html, site.root)
    assert "data-takes" in row(html, site.root)
