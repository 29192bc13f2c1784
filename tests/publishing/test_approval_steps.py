"""Steps of approval: 課, then 局, then the approver; deputies where somebody is away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import (
    Absence,
    ApprovalStep,
    AuditEntry,
    Edition,
    Notice,
    Page,
    Role,
    State,
    StepOfficer,
)
from bureaus.publishing import (
    Blocked,
    approve,
    approve_urgently,
    cancel_absence,
    change_step,
    edit,
    endorse,
    record_absence,
    return_,
    submit,
)
from bureaus.publishing.approval_steps import progress_of
from bureaus.publishing.blockers.approval import approve_blockers
from bureaus.publishing.blockers.approval_steps import StepEntry
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site, officer
from tests.helpers.editing import refused, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY = timezone.localdate(timezone=TOKYO)
DAY = timedelta(days=1)


def add_step(
    page: Page, name: str, people: Sequence[User], deputies: Sequence[User] = (), position: int = 1
) -> None:
    entry = StepEntry(page, name, position, names(people), names(deputies))
    change_step(page=page, entry=entry, actor=None)


def names(people: Sequence[User]) -> tuple[str, ...]:
    return tuple(user.get_username() for user in people)


def again(edition: Edition) -> Edition:
    found: Edition = Edition.objects.with_page().get(pk=edition.pk)
    return found


def sentences(edition: Edition, actor: User) -> str:
    return "\n".join(map(str, approve_blockers(editions=[again(edition)], actor=actor)))


@pytest.fixture
def chief(site: Site) -> User:
    return officer("伊藤", {site.sections[0]: [Role.WRITER]})


@pytest.fixture
def director(site: Site) -> User:
    return officer("中村", {site.bureau: [Role.MANAGER]})


@pytest.fixture
def steps(site: Site, chief: User, director: User) -> None:
    """課 of the section, then 局 of its bureau."""
    add_step(site.bureau, "局の確認", [director])
    add_step(site.sections[0], "課の確認", [chief])


@pytest.mark.usefixtures("steps")
def test_an_edition_passes_the_steps_from_below_before_its_approval(
    site: Site, writer: User, chief: User, director: User, approver: User
) -> None:
    edition = submitted(site.sections[0], writer)
    assert "「課の確認」の段階の確認が、まだです（確認できる人：伊藤）" in sentences(
        edition, approver
    )
    with pytest.raises(Blocked) as caught:
        endorse(edition=edition, actor=director)
    assert refused(caught) == {"steps"}
    endorse(edition=edition, actor=chief)
    assert "「局の確認」の段階の確認が、まだです（確認できる人：中村）" in sentences(
        edition, approver
    )
    with pytest.raises(Blocked):
        approve(editions=[again(edition)], actor=approver)
    endorse(edition=again(edition), actor=director, note="よいと思います。")
    approve(editions=[again(edition)], actor=approver)
    assert again(edition).state == State.APPROVED


@pytest.mark.usefixtures("steps")
def test_pages_of_another_branch_pass_no_step(site: Site) -> None:
    edition = submitted(site.guide, None)
    assert approve_blockers(editions=[again(edition)]) == []


@pytest.mark.usefixtures("steps")
def test_what_is_returned_passes_all_steps_again(
    site: Site, writer: User, chief: User, approver: User
) -> None:
    edition = submitted(site.sections[0], writer)
    endorse(edition=edition, actor=chief)
    draft = return_(edition=again(edition), actor=approver, comment="年を書いてください。")
    draft = edit(
        edition=draft, actor=writer, changes={"lead": "平成25年の要旨。"}, revision=draft.revision
    )
    submit(edition=draft, actor=writer)
    waiting = progress_of(again(edition)).next
    assert waiting is not None
    assert str(waiting.step) == "課の確認"


@pytest.mark.usefixtures("steps")
def test_who_confirms_the_step_may_return_the_draft(
    site: Site, writer: User, director: User, chief: User
) -> None:
    edition = submitted(site.sections[0], writer)
    with pytest.raises(Blocked):
        return_(edition=again(edition), actor=director, comment="まだです。")
    endorse(edition=again(edition), actor=chief)
    return_(edition=again(edition), actor=director, comment="年を書いてください。")
    assert again(edition).state == State.DRAFT


def test_a_deputy_confirms_only_while_nobody_else_can(
    site: Site, writer: User, chief: User, director: User
) -> None:
    add_step(site.sections[0], "課の確認", [chief], [director])
    edition = submitted(site.sections[0], writer)
    with pytest.raises(Blocked):
        endorse(edition=again(edition), actor=director)
    absence = record_absence(officer=chief, first_day=TODAY, last_day=TODAY, actor=chief)
    with pytest.raises(Blocked) as caught:
        endorse(edition=again(edition), actor=chief)
    assert "確認するのは、中村です" in str(caught.value)
    cancel_absence(absence=absence, actor=chief)
    with pytest.raises(Blocked):
        endorse(edition=again(edition), actor=director)
    record_absence(officer=chief, first_day=TODAY, last_day=TODAY + DAY, actor=director)
    endorse(edition=again(edition), actor=director)


def test_a_deputy_confirms_what_the_others_have_written(
    site: Site, chief: User, director: User
) -> None:
    add_step(site.sections[0], "課の確認", [chief], [director])
    edition = submitted(site.sections[0], chief)
    with pytest.raises(Blocked) as caught:
        endorse(edition=again(edition), actor=chief)
    assert "own_text" in refused(caught)
    endorse(edition=again(edition), actor=director)


@pytest.mark.usefixtures("steps")
def test_a_step_without_anybody_says_whom_to_ask(
    site: Site, writer: User, chief: User, approver: User
) -> None:
    edition = submitted(site.sections[0], writer)
    User.objects.filter(pk=chief.pk).update(is_active=False)
    assert "段階の人を変えるよう、管理者に依頼してください" in sentences(edition, approver)


@pytest.mark.usefixtures("steps")
def test_an_urgent_approval_passes_no_step(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.sections[0], writer)
    approve_urgently(edition=again(edition), actor=approver, reason="災害")
    assert again(edition).state == State.APPROVED


@pytest.mark.usefixtures("steps")
def test_the_notice_goes_to_who_goes_on(
    site: Site, writer: User, chief: User, director: User, approver: User
) -> None:
    edition = submitted(site.sections[0], writer)
    told = Notice.objects.filter(entry__edition=edition).order_by("pk")
    assert [notice.recipient for notice in told] == [chief]
    endorse(edition=again(edition), actor=chief)
    endorse(edition=again(edition), actor=director)
    assert [notice.recipient for notice in told.all()] == [chief, director, approver]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.usefixtures("steps")
def test_the_steps_of_many_editions_cost_three_queries(
    site: Site, writer: User, approver: User, count: int
) -> None:
    pages = [*site.sections, *site.news][:count]
    for page in pages:
        submitted(page, writer, change_note="直しました。")
    with CaptureQueriesContext(connection) as queries:
        approve_blockers(
            editions=list(Edition.objects.filter(state=State.REVIEW).with_page()), actor=approver
        )
    assert (
        len([each for each in queries if 'FROM "bureaus_approvalstep" INNER' in each["sql"]]) == 1
    )
    assert len([each for each in queries if 'FROM "bureaus_stepofficer"' in each["sql"]]) == 1
    assert len([each for each in queries if "bureaus_absence" in each["sql"]]) == 1


# Writing the steps


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"people": ("見知らぬ人",)}, "「見知らぬ人」は"),
        ({"people": ()}, "1人は書いてください"),
        ({"people": ("伊藤", "伊藤")}, "2度書かれています"),
        ({"deputies": ("伊藤",)}, "2度書かれています"),
        ({"name": ""}, "名前を書いてください"),
        ({"name": "長" * 41}, "40文字以内"),
        ({"position": 0}, "1から9まで"),
    ],
)
def test_what_cannot_be_a_step_is_refused(
    site: Site, chief: User, fields: dict[str, Any], sentence: str
) -> None:
    values: dict[str, Any] = {
        "name": "課の確認",
        "position": 1,
        "people": ("伊藤",),
        "deputies": (),
    } | fields
    with pytest.raises(Blocked) as caught:
        change_step(page=site.sections[0], entry=StepEntry(site.sections[0], **values), actor=None)
    assert sentence in str(caught.value)


def test_only_a_manager_of_the_place_writes_its_steps(
    site: Site, chief: User, director: User, approver: User
) -> None:
    entry = StepEntry(site.bureau, "局の確認", 1, ("中村",), ())
    with pytest.raises(Blocked) as caught:
        change_step(page=site.bureau, entry=entry, actor=approver)
    assert refused(caught) == {"role"}
    change_step(page=site.bureau, entry=entry, actor=director)
    with pytest.raises(Blocked):
        change_step(page=site.root, entry=entry, actor=director)


def test_two_managers_do_not_overwrite_each_other(site: Site, chief: User, director: User) -> None:
    step = change_step(
        page=site.bureau, entry=StepEntry(site.bureau, "局の確認", 1, ("中村",), ()), actor=None
    )
    assert step is not None
    with pytest.raises(Blocked) as caught:
        change_step(page=site.bureau, entry=None, actor=director, step=step.pk, version="古い")
    assert refused(caught) == {"changed"}
    assert StepOfficer.objects.count() == 1


def test_discarding_a_page_takes_its_steps_along(site: Site, chief: User) -> None:
    add_step(site.sections[0], "課の確認", [chief])
    ApprovalStep.objects.filter(page=site.sections[0]).delete()
    assert not StepOfficer.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(2, 1, "より前です"), (-3, -2, "過ぎています"), (0, 400, "1年までです"), (5, 6, "重なる不在")],
)
def test_days_that_cannot_be_an_absence_are_refused(
    site: Site, chief: User, first: int, last: int, sentence: str
) -> None:
    days = {"first_day": TODAY + 6 * DAY, "last_day": TODAY + 9 * DAY}
    record_absence(officer=chief, actor=chief, **days)
    with pytest.raises(Blocked) as caught:
        record_absence(
            officer=chief,
            first_day=TODAY + first * DAY,
            last_day=TODAY + last * DAY,
            actor=chief,
        )
    assert sentence in str(caught.value)


@pytest.mark.usefixtures("steps")
def test_nobody_else_reports_an_absence(
    site: Site, chief: User, director: User, writer: User
) -> None:
    days = {"first_day": TODAY, "last_day": TODAY}
    with pytest.raises(Blocked):
        record_absence(officer=chief, actor=writer, **days)
    record_absence(officer=chief, actor=director, **days)
    assert Absence.objects.get().officer == chief
    assert AuditEntry.objects.filter(action="absence").get().actor == director
