"""A release of editions and changes of the tree: one moment, one decision, all or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Action, Answer, AuditEntry, Edition, Kind, Page, Placement, Role, State
from bureaus.models.placements import reread
from bureaus.models.releases import release_of
from bureaus.publishing import (
    Blocked,
    PlaceChange,
    ReleasePlan,
    add,
    approve,
    approve_release,
    cancel_booking,
    cancel_release,
    move,
    reschedule_release,
    start_draft,
    try_release,
)
from bureaus.publishing.actions.tree import cancel_change
from bureaus.publishing.tree_bookings import booked_moves
from bureaus.reading import Missing, Moment, Moved, PageView, answer_page
from tests.helpers.cast import Site, children_of, officer, publish
from tests.helpers.cast import approve as approve_edition
from tests.helpers.editing import DATA, TOMORROW, refused, submitted, undone
from tests.helpers.processes import at_once
from tests.helpers.tree_answers import difference, dump

pytestmark = pytest.mark.django_db
OLD, NEW = "/main_sosiki/joho_kokusai/ict_seisaku/", "/main_sosiki/joho_tsushin/ict_seisaku/"


@pytest.fixture
def head(site: Site) -> User:
    """Approves and manages the whole site, and writes nothing."""
    return officer("中村", {site.root: [Role.APPROVER, Role.MANAGER]})


@pytest.fixture
def planned(site: Site) -> ReleasePlan:
    return reorganisation(site)


def reorganisation(site: Site) -> ReleasePlan:
    """A new bureau becomes public and takes over a section of the old one, whose text changes."""
    writer = officer("山本", {site.root: [Role.WRITER]})
    bureau = add(
        parent=site.guide,
        kind=Kind.ORGANISATION,
        slug="joho_tsushin",
        title="情報通信局",
        actor=writer,
    )
    Edition.objects.filter(page=bureau).delete()
    first = submitted(bureau, writer, title="情報通信局", category="bureau")
    changed = submitted(site.sections[0], writer, title="ICT政策")
    at = timezone.now() + TOMORROW
    return ReleasePlan([first, changed], [PlaceChange(site.sections[0], to=bureau)], at)


def tree_plan(*changes: PlaceChange) -> ReleasePlan:
    """Changes of the tree alone, which may take addresses that lead elsewhere."""
    return ReleasePlan([], changes, timezone.now() + TOMORROW, end_redirects=True)


def codes(plan: ReleasePlan, actor: User | None = None) -> set[str]:
    return {str(blocker.code) for blocker in try_release(plan=plan, actor=actor).all}


def addresses(pages: Sequence[Page], at: datetime | None) -> list[str]:
    rows = Placement.objects.in_force(at or timezone.now()).filter(page__in=pages)
    found = dict(rows.values_list("page", "url_path"))
    return [found[page.pk] for page in pages]


def test_an_edition_and_its_move_begin_together(
    site: Site, planned: ReleasePlan, head: User
) -> None:
    assert planned.at is not None
    [moved] = planned.changes
    assert moved.to is not None
    with pytest.raises(Blocked) as alone:
        move(page=moved.page, to=moved.to, at=planned.at, actor=head)
    assert refused(alone) == {"parent_unreadable"}

    release = approve_release(plan=planned, actor=head, note="組織改編")

    before, after = Moment(planned.at - timedelta(seconds=1)), Moment(planned.at)
    assert isinstance(answer_page(OLD, before), PageView)
    assert isinstance(answer_page(NEW, before), Missing)
    page = answer_page(NEW, after)
    assert isinstance(page, PageView)
    assert page.title == "ICT政策"
    assert [link.title for link in page.breadcrumbs][-1] == "情報通信局"
    assert isinstance(answer_page(OLD, after), Moved)
    entries = AuditEntry.objects.filter(note="組織改編").order_by("pk")
    assert [entry.action for entry in entries] == ["move", "approve", "approve"]
    assert {release_of(entry.details["release"]) for entry in entries} == {release}
    assert problems() == []


@pytest.mark.one_database
def test_a_release_has_at_most_so_many_editions(
    planned: ReleasePlan, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureaus.publishing.blockers.approval.MAX_RELEASE_EDITIONS", 1)
    assert "many" in codes(planned, head)
    with pytest.raises(Blocked, match="1版まで"):
        approve(editions=planned.editions, actor=head)


def test_cancelling_restores_the_tables(planned: ReleasePlan, head: User) -> None:
    before = dump()
    release = approve_release(plan=planned, actor=head)
    cancel_release(release=release, actor=head)
    assert difference(before, dump()) == []
    assert dump() == before
    cancelled = AuditEntry.objects.filter(action=Action.CANCEL_BOOKING)
    assert cancelled.count() == 3
    assert {release_of(entry.details["release"]) for entry in cancelled} == {release}
    approve_release(plan=planned, actor=head)  # the editions wait for approval as before


def test_changes_of_one_branch_are_judged_together_in_any_order(site: Site) -> None:
    home, other = publish(site.root, "home", "場所"), publish(site.root, "other", "ほか")
    first, second = publish(home, "a", "甲"), publish(home, "b", "乙")
    below = publish(second, "below", "乙の下")
    before = dump()
    plan = tree_plan(
        PlaceChange(first, slug="b"),  # the address that the next one leaves
        PlaceChange(second, to=other),
        PlaceChange(other, slug="new"),
        PlaceChange(below, to=first),
    )

    release = approve_release(plan=plan, actor=None)

    pages = [first, second, below, other]
    assert addresses(pages, plan.at) == ["/home/b/", "/new/b/", "/home/b/below/", "/new/"]
    assert addresses(pages, timezone.now()) == ["/home/a/", "/home/b/", "/home/b/below/", "/other/"]
    assert problems() == []
    cancel_release(release=release, actor=None)
    assert dump() == before


def test_two_pages_exchange_their_addresses(site: Site) -> None:
    first, second = site.sections
    plan = tree_plan(
        PlaceChange(first, slug="on-the-way"),
        PlaceChange(second, slug="ict_seisaku"),
        PlaceChange(first, slug="kenkyu"),
    )
    before = dump()
    assert codes(replace(plan, end_redirects=False)) == {"former_address", "taken"}
    release = approve_release(plan=plan, actor=None)
    assert [address.split("/")[-2] for address in addresses(site.sections, plan.at)] == [
        "kenkyu",
        "ict_seisaku",
    ]
    cancel_release(release=release, actor=None)
    assert dump() == before


def test_what_blocks_one_part_blocks_all(site: Site, planned: ReleasePlan, head: User) -> None:
    impossible = PlaceChange(site.guide, to=site.bureau)
    plan = ReleasePlan(planned.editions, [*planned.changes, impossible], planned.at)
    before = dump()
    with pytest.raises(Blocked) as found:
        approve_release(plan=plan, actor=head)
    assert refused(found) == {"own_branch"}
    assert dump() == before
    tried = try_release(plan=plan, actor=head)
    assert [*tried.of_changes] == [1]
    assert dump() == before


def test_a_page_may_not_come_below_one_that_the_release_archives_too_late_or_never_shows(
    site: Site, planned: ReleasePlan, head: User
) -> None:
    first, changed = planned.editions
    assert codes(ReleasePlan([changed], planned.changes, planned.at), head) == {"parent_unreadable"}
    unchanged = ReleasePlan([], planned.changes, planned.at)
    assert codes(unchanged, head) == {"parent_unreadable"}
    assert codes(ReleasePlan([first], planned.changes, planned.at), head) == set()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER, Role.WRITER])
def test_it_takes_an_approver_of_the_editions_who_is_manager_of_both_sides(
    site: Site, planned: ReleasePlan, role: Role
) -> None:
    assert codes(planned, officer("加藤", {site.root: [role]})) == {"role"}
    one_side = officer("吉田", {site.root: [Role.APPROVER], site.bureau: [Role.MANAGER]})
    assert codes(planned, one_side) == {"role"}


def test_nobody_approves_their_own_text_by_moving_its_page(
    site: Site, planned: ReleasePlan
) -> None:
    author = officer("井上", {site.root: list(Role)})
    own = submitted(site.sections[1], author, title="自分の案")
    plan = ReleasePlan([*planned.editions, own], planned.changes, planned.at)
    assert codes(plan, author) == {"own_text"}


def test_another_moment_moves_all_or_nothing(site: Site, planned: ReleasePlan, head: User) -> None:
    release = approve_release(plan=planned, actor=head)
    later = timezone.now() + 3 * TOMORROW
    before = dump()
    with pytest.raises(Blocked) as found:
        reschedule_release(release=release, at=timezone.now() - TOMORROW, actor=head)
    assert refused(found) == {"past"}
    with undone():
        publish(site.guide, "later", "後の局", live_from=timezone.now())
        section = Page.objects.get(pk=planned.changes[0].page.pk)
        move(page=section, to=site.bureau, at=later, actor=head)
        known = dump()
        with pytest.raises(Blocked) as found:
            reschedule_release(release=release, at=later + TOMORROW, actor=head)
        assert refused(found) == {"built_on"}
        assert dump() == known
    assert dump() == before

    reschedule_release(release=release, at=later, actor=head, note="延期")

    assert planned.at is not None
    assert isinstance(answer_page(OLD, Moment(planned.at)), PageView)
    assert isinstance(answer_page(NEW, Moment(later)), PageView)
    assert {each.live_from for each in Edition.objects.exclude(release="")} == {later}
    entries = AuditEntry.objects.filter(note="延期")
    assert [entry.action for entry in entries] == [Action.RESCHEDULE] * 3
    assert problems() == []


def test_what_is_built_upon_a_release_keeps_it(site: Site, planned: ReleasePlan) -> None:
    release = approve_release(plan=planned, actor=None)
    [moved] = planned.changes
    assert moved.to is not None
    below = publish(moved.to, "below", "下のページ", live_from=timezone.now() + 2 * TOMORROW)
    with pytest.raises(Blocked) as found:
        cancel_release(release=release, actor=None)
    assert refused(found) == {"children"}
    assert below in children_of(moved.to)


def test_a_page_that_moves_below_one_that_changes_is_placed_by_its_own_change(site: Site) -> None:
    home, other = publish(site.root, "home", "場所"), publish(site.root, "other", "ほか")
    page = publish(site.root, "a", "甲")
    move(page=page, to=home, at=timezone.now() + TOMORROW, actor=None)
    single = Placement.objects.get(page=page, live_until=None)
    at = timezone.now() + 2 * TOMORROW
    plan = replace(tree_plan(PlaceChange(page, to=other), PlaceChange(other, slug="new")), at=at)
    approve_release(plan=plan, actor=None)
    booked = {each.address for each in booked_moves(Placement.objects.all())}
    assert booked == {"/home/a/", "/new/", "/new/a/"}
    with pytest.raises(Blocked) as found:
        cancel_change(page=page, release=single.release, actor=None)
    assert refused(found) == {"built_on"}


def test_a_trial_discloses_no_booking_of_another_bureau(site: Site) -> None:
    other = publish(site.root, "other", "ほかの部局")
    approve_edition(other, "なくなる", live_from=timezone.now() + TOMORROW, answer=Answer.GONE)
    author = officer("木村", {site.bureau: [Role.WRITER, Role.MANAGER, Role.APPROVER]})
    linking = submitted_with_body(
        site.sections[1], author, '<p><a href="/other/">ほかの部局の仕事</a></p>'
    )
    change = PlaceChange(site.sections[0], slug="new")
    plan = ReleasePlan([linking], [change], timezone.now() + 2 * TOMORROW)
    approver = officer("中村", {site.bureau: [Role.APPROVER, Role.MANAGER]})
    assert codes(plan, approver) == set()
    with pytest.raises(Blocked) as found:
        approve_release(plan=plan, actor=approver)
    assert refused(found) == {"link"}


def test_the_roles_are_those_of_the_place_where_a_page_stands_now(site: Site) -> None:
    other = publish(site.guide, "other", "ほかの局", kind=Kind.ORGANISATION)
    manager = officer("木村", {site.bureau: [Role.MANAGER]})
    before = reread(site.sections[0])
    move(page=site.sections[0], to=other, actor=None)
    plan = ReleasePlan([], [PlaceChange(before, slug="new")], timezone.now() + TOMORROW)
    with pytest.raises(Blocked) as found:
        approve_release(plan=plan, actor=manager)
    assert refused(found) == {"role"}


def test_a_part_is_not_cancelled_alone(planned: ReleasePlan) -> None:
    release = approve_release(plan=planned, actor=None)
    with pytest.raises(Blocked) as found:
        cancel_booking(edition=planned.editions[0], actor=None)
    assert refused(found) == {"release"}
    [moved] = planned.changes
    with pytest.raises(Blocked) as found:
        cancel_change(page=moved.page, release=f"{release}r01", actor=None)
    assert refused(found) == {"release"}


def test_a_release_of_editions_can_be_rescheduled_and_taken_back(
    site: Site, writer: User, approver: User
) -> None:
    pair = [submitted(site.bureau, writer), submitted(site.sections[0], writer, title="政策")]
    before = dump()
    booked = approve(editions=pair, at=timezone.now() + TOMORROW, actor=approver)
    release = release_of(booked[0].release)
    reschedule_release(release=release, at=timezone.now() + 2 * TOMORROW, actor=approver)
    cancel_release(release=release, actor=approver)
    assert dump() == before


def test_now_is_now_for_all(planned: ReleasePlan, head: User) -> None:
    plan = ReleasePlan(planned.editions, planned.changes)
    release = approve_release(plan=plan, actor=head)
    page = answer_page(NEW, Moment(timezone.now()))
    assert isinstance(page, PageView)
    assert problems() == []
    with pytest.raises(Blocked) as found:
        cancel_release(release=release, actor=head)
    assert refused(found) == {"started"}


def test_a_link_to_an_address_that_the_release_makes_is_alive(
    site: Site, planned: ReleasePlan, head: User
) -> None:
    writer = officer("木村", {site.root: [Role.WRITER]})
    body = f'<p><a href="{NEW}">ICT政策</a></p>'
    linking = submitted_with_body(site.sections[1], writer, body)
    assert codes(ReleasePlan([linking], at=planned.at), head) == {"dead_link"}
    together = ReleasePlan([*planned.editions, linking], planned.changes, planned.at)
    assert codes(together, head) == set()


def submitted_with_body(page: Page, writer: User, body: str) -> Edition:
    """As `submitted`, whatever the proofreader says of the links."""
    draft = start_draft(page=page, actor=writer)
    values = {**DATA, "title": "研究開発", "body": body, "state": State.REVIEW}
    Edition.objects.filter(pk=draft.pk).update(**values)
    return Edition.objects.get(pk=draft.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_and_two_who_cancel_one_does(committed_site: Site) -> None:
    plan = reorganisation(committed_site)
    before = dump()

    def press(_number: int) -> None:
        try:
            approve_release(plan=plan, actor=None)
        except Blocked as refusal:
            assert "state" in {each.code for each in refusal.blockers}  # noqa: PT017

    assert at_once(2, press) == []
    entry = AuditEntry.objects.get(action=Action.MOVE)
    release = release_of(entry.details["release"])
    assert problems() == []

    def cancel(_number: int) -> None:
        try:
            cancel_release(release=release, actor=None)
        except Blocked as refusal:
            assert {each.code for each in refusal.blockers} == {"state"}  # noqa: PT017

    assert at_once(2, cancel) == []
    assert AuditEntry.objects.filter(action=Action.CANCEL_BOOKING).count() == 3
    assert difference(before, dump()) == []
