"""What comes next on the detail page: one button, others beside it, and who does the rest."""

import pytest
from django.contrib.auth.models import User

from bureaus.models import Edition
from bureaus.publishing import approve_urgently, confirm, edit, return_, start_draft, submit
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted, submitted
from tests.helpers.page_details import (
    BOOKED,
    DRAFT,
    DRAFTED,
    EMPTY,
    ENDED,
    PUBLIC,
    RETURNED,
    REVIEW,
    URGENT,
    buttons,
    page_in,
    panel,
    read,
    text_in,
)

pytestmark = pytest.mark.one_database

START, REVISE = "下書きを始める", "改訂の下書きを始める"
EDIT, SUBMIT, REVIEWING, CONFIRM = (
    "編集を続ける",
    "確認を依頼する",
    "確認して承認する",
    "事後確認をする",
)
# The main button of a writer, an approver, and of one who has every role.
NEXT: dict[str, tuple[str, str, str]] = {
    EMPTY: (START, "", START),
    DRAFT: (EDIT, "", EDIT),
    DRAFTED: (SUBMIT, "", SUBMIT),
    RETURNED: (EDIT, "", EDIT),
    REVIEW: ("", REVIEWING, REVIEWING),
    BOOKED: ("", "", ""),
    PUBLIC: (REVISE, "", REVISE),
    ENDED: ("", "", ""),
    URGENT: (REVISE, CONFIRM, CONFIRM),
}
PEOPLE = ("writer", "approver", "operator")


@pytest.mark.parametrize("position", range(3), ids=PEOPLE)
@pytest.mark.parametrize("state", NEXT)
def test_there_is_one_next_step_or_none(
    site: Site, request: pytest.FixtureRequest, state: str, position: int
) -> None:
    person: User = request.getfixturevalue(PEOPLE[position])
    found = buttons(read(client_of(person), page_in(state, site)))
    main = [words for words, kind in found.items() if kind == "main"]
    assert main == [NEXT[state][position]] * bool(NEXT[state][position])


@pytest.mark.parametrize("state", NEXT)
def test_a_manager_who_writes_nothing_has_no_next_step(
    site: Site, manager: User, state: str
) -> None:
    html = read(client_of(manager), page_in(state, site))
    assert buttons(html) == {}
    settings = text_in(panel(html, "settings"))
    for words in ("この下にページを追加する", "アドレスの末尾を変える", "別の場所へ移動する"):
        assert words in settings


def test_a_draft_that_cannot_be_submitted_says_why(site: Site, writer: User) -> None:
    start_draft(page=site.bureau, actor=writer)
    html = read(client_of(writer), site.bureau)
    assert buttons(html)[SUBMIT] == "closed"
    assert 'aria-describedby="against-submit"' in html
    assert "変更の内容がありません。" in text_in(panel(html, "next"))


def test_what_others_can_do_is_said_with_their_names(
    site: Site, writer: User, approver: User
) -> None:
    submitted(site.bureau, writer)
    words = text_in(panel(read(client_of(writer), site.bureau), "next"))
    assert "承認者の確認を待っています。" in words
    assert f"ほかの人ができること {REVIEWING}承認者（佐藤）" in words


def test_where_nobody_can_do_it_that_is_said(site: Site, writer: User) -> None:
    submitted(site.bureau, writer)
    words = text_in(panel(read(client_of(writer), site.bureau), "next"))
    assert f"{REVIEWING}承認者（まだ、だれもいません。管理者が設定します）" in words


def test_the_author_is_told_why_they_cannot_approve_it(site: Site, second_approver: User) -> None:
    submitted(site.bureau, second_approver)
    html = read(client_of(second_approver), site.bureau)
    assert buttons(html)[REVIEWING] == "closed"
    assert "本人は承認できません" in text_in(panel(html, "next"))
    assert buttons(html)["確認の依頼を取り下げる"] == "plain"


def test_only_who_asked_can_take_it_back(site: Site, writer: User, second_approver: User) -> None:
    submitted(site.bureau, writer)
    html = read(client_of(second_approver), site.bureau)
    assert "確認の依頼を取り下げる" not in buttons(html)
    assert "確認の依頼を取り下げる依頼した本人（鈴木）" in text_in(panel(html, "next"))


def test_a_returned_draft_shows_the_comment_until_it_is_submitted_again(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    return_(edition=edition, actor=approver, comment="年を直してください。")
    client = client_of(writer)
    words = text_in(read(client, site.bureau))
    assert "差し戻しの理由 年を直してください。 佐藤さん、" in words
    revision = Edition.objects.get(pk=edition.pk).revision
    edit(edition=edition, actor=writer, changes={"lead": "2014年"}, revision=revision)
    html = read(client, site.bureau)
    assert "差し戻しの理由" in html
    assert buttons(html)[SUBMIT] == "main"
    submit(edition=edition, actor=writer)
    assert "差し戻しの理由" not in read(client, site.bureau)


def test_a_draft_taken_back_was_not_returned(site: Site, writer: User) -> None:
    return_(edition=submitted(site.bureau, writer), actor=writer)
    assert "差し戻しの理由" not in read(client_of(writer), site.bureau)


def test_an_urgent_approval_is_on_the_screen_until_it_is_confirmed(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    edition = drafted(site.bureau, writer)
    approve_urgently(edition=edition, actor=approver, reason="災害の情報")
    own, other = client_of(approver), client_of(second_approver)
    html = read(own, site.bureau)
    assert "事後確認を待っています" in html
    assert "災害の情報" in html
    assert buttons(html)[CONFIRM] == "closed"
    assert "緊急に承認した本人は、事後確認ができません" in text_in(panel(html, "next"))
    assert buttons(read(other, site.bureau))[CONFIRM] == "main"
    confirm(edition=edition, actor=second_approver)
    html = read(other, site.bureau)
    assert "事後確認を待っています" not in html
    assert "緊急の承認：佐藤事後確認：高橋" in text_in(panel(html, "editions"))
