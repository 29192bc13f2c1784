"""What becomes of what has been decided on the approval page, and of what was changed meanwhile."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.admin.core.version_token import edition_version
from bureaus.models import Action, Answer, AuditEntry, State
from bureaus.publishing import (
    Blocked,
    approve,
    approve_urgently,
    edit,
    return_,
    start_draft,
    submit,
)
from bureaus.text.formatting import japanese_moment
from tests.admin.test_approval import FIELDS, decide, look, review_url
from tests.helpers.cast import Site
from tests.helpers.editing import drafted, refused, submitted
from tests.helpers.review_screens import booked, enter, open_buttons, parsed

pytestmark = pytest.mark.one_database

# What becomes of it


def test_now_is_now(site: Site, writer: User, approver: User, citizen: Client) -> None:
    client, edition = enter(approver), submitted(site.bureau, writer, lead="新しい要旨。")
    response = decide(client, edition, "approve", seen="1")
    assert response.status_code == 302
    assert "新しい要旨。" in citizen.get(site.bureau.url_path).content.decode()
    assert "を公開しました" in messages_in(client)


def messages_in(client: Client) -> str:
    return client.get("/admin/password_change/").content.decode()


def test_now_has_to_be_confirmed(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    response = decide(enter(approver), edition, "approve")
    assert response.status_code == 422
    assert "印を付けてください" in response.content.decode()
    edition.refresh_from_db()
    assert edition.state == State.REVIEW


@pytest.mark.parametrize(
    ("action", "field", "words"),
    [
        ("approve", "seen", "印を付けてください"),
        ("book", "id_date", "日付を選んでください"),
        ("return", "comment", "差し戻す理由を書いてください"),
        ("urgent", "reason", "緊急に承認する理由を書いてください"),
    ],
)
def test_a_refusal_says_why_at_the_top_and_leads_to_the_field(
    site: Site, request: pytest.FixtureRequest, action: str, field: str, words: str
) -> None:
    writer, approver = (request.getfixturevalue(name) for name in ("writer", "approver"))
    edition = submitted(site.bureau, writer)
    fields = {"version": edition_version(edition), "decision": action}
    page = parsed(enter(approver).post(review_url(edition), fields))
    alert = page.find(".//*[@role='alert']")
    assert alert is not None
    links = {str(link.get("href")): link.text_content() for link in alert.iterfind(".//a")}
    assert words in links[f"#{field}"]
    assert page.get_element_by_id(field) is not None
    assert "あなたが承認できます" not in page.text_content()


def test_who_confirms_is_told_what_to_do_about_an_error(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    approve_urgently(edition=edition, actor=approver, reason="地震")
    page = look(enter(second_approver), edition)
    assert "誤りがあれば、ページの詳細から改訂の下書きを始めるか" in page.text_content()
    assert page.find_class("breadcrumbs")[0].text_content().strip().endswith("事後確認")


@pytest.mark.parametrize("clock", ["00:00", "02:30", "14:05", "23:59"])
@pytest.mark.parametrize("day", ["2031-01-01", "2031-03-30", "2031-07-01", "2031-10-26"])
def test_a_booking_is_a_minute_in_tokyo(
    site: Site, writer: User, approver: User, day: str, clock: str
) -> None:
    client, edition = enter(approver), submitted(site.bureau, writer)
    assert decide(client, edition, "book", date=day, time=clock).status_code == 302
    edition.refresh_from_db()
    assert edition.live_from is not None
    expected = datetime.fromisoformat(f"{day}T{clock}:00+09:00")
    assert edition.live_from == expected
    assert f"{japanese_moment(expected)}に公開されます" in messages_in(client)


def test_seconds_are_cut_off(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    decide(enter(approver), edition, "book", date="2031-07-01", time="14:05:59")
    edition.refresh_from_db()
    assert edition.live_from == datetime.fromisoformat("2031-07-01T14:05:00+09:00")


def test_a_past_time_is_refused_beside_the_field_and_nothing_is_lost(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    response = decide(enter(approver), edition, "book", date="2013-05-23", time="10:05")
    assert response.status_code == 422
    page = parsed(response)
    form = page.find(".//input[@id='id_date']").getparent().getparent().getparent()
    assert "2013年5月23日10時05分」は過去です" in form.text_content()
    assert page.find(".//input[@id='id_date']").get("value") == "2013-05-23"
    assert page.find(".//input[@id='id_time']").get("value") == "10:05"


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (("", "10:05"), "日付を選んでください"),
        (("2031-07-01", ""), "時刻を選んでください"),
        (("2031-02-30", "10:05"), "の形で書いてください"),
        (("2031-07-01", "25:00"), "の形で書いてください"),
        (("あした", "朝"), "の形で書いてください"),
    ],
)
def test_what_is_no_moment_is_asked_for_again(
    site: Site, writer: User, approver: User, moment: tuple[str, str], sentence: str
) -> None:
    edition = submitted(site.bureau, writer)
    response = decide(enter(approver), edition, "book", date=moment[0], time=moment[1])
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_returning_takes_a_comment_and_the_writer_reads_it(
    site: Site, writer: User, approver: User
) -> None:
    client, edition = enter(approver), submitted(site.bureau, writer)
    assert decide(client, edition, "return", comment=" ").status_code == 422
    assert decide(client, edition, "return", comment="年が違います。").status_code == 302
    edition.refresh_from_db()
    assert edition.state == State.DRAFT
    assert AuditEntry.objects.filter(action=Action.RETURN, note="年が違います。").exists()


def test_urgency_takes_a_reason_and_waits_for_a_second_approver(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    first, second = enter(approver), enter(second_approver)
    edition = drafted(site.bureau, writer)
    assert decide(first, edition, "urgent", reason="").status_code == 422
    assert decide(first, edition, "urgent", reason="地震").status_code == 302
    edition.refresh_from_db()
    assert "あなたは事後確認できません" in look(first, edition).text_content()
    assert decide(first, edition, "confirm").status_code == 403
    page = look(second, edition)
    assert "地震" in page.text_content()
    assert open_buttons(page) == {"事後確認する"}
    assert decide(second, edition, "confirm").status_code == 302
    assert "決めることはありません" in look(second, edition).text_content()


def test_what_was_typed_is_still_there_after_a_refusal(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    response = decide(enter(approver), edition, "urgent", reason="", comment="書きかけ")
    assert "緊急に承認する理由を書いてください" in response.content.decode()
    assert "書きかけ" in response.content.decode()


# Changed while somebody looks


@pytest.mark.parametrize(
    ("action", "fields"), [(name, FIELDS[name]) for name in ("approve", "book", "urgent")]
)
def test_nobody_approves_what_has_changed_since_they_looked(
    site: Site, writer: User, approver: User, action: str, fields: dict[str, str]
) -> None:
    looked_at = submitted(site.bureau, writer)
    draft = return_(edition=looked_at, actor=writer)
    draft = edit(edition=draft, actor=writer, changes={"lead": "別の話"}, revision=draft.revision)
    submit(edition=draft, actor=writer)
    response = decide(enter(approver), looked_at, action, **fields)
    assert response.status_code == 409
    text = response.content.decode()
    assert "見ている間に" in text
    assert "内容が変わりました" in text
    assert "別の話" in text
    assert f'name="version" value="{edition_version(draft)}"' in text
    looked_at.refresh_from_db()
    assert looked_at.state == State.REVIEW


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 400, "１"])
def test_an_approval_names_the_version_that_was_read(
    site: Site, writer: User, approver: User, revision: str
) -> None:
    edition = submitted(site.bureau, writer)
    version = f"{edition.pk}-{revision}"
    response = decide(enter(approver), edition, "approve", seen="1", version=version)
    assert response.status_code == 409


def test_publishing_itself_asks_inside_the_lock(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    stale = {edition.pk: edition.revision - 1}
    with pytest.raises(Blocked) as caught:
        approve(editions=[edition], actor=approver, revisions=stale)
    assert refused(caught) == {"changed"}
    with pytest.raises(Blocked) as caught:
        approve_urgently(edition=edition, actor=approver, reason="災害", revisions={})
    assert refused(caught) == {"changed"}
    approve(editions=[edition], actor=approver, revisions={edition.pk: edition.revision})


def test_what_was_decided_by_somebody_else_meanwhile_is_said(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    approve(editions=[edition], actor=second_approver)
    response = decide(enter(approver), edition, "approve", seen="1")
    assert response.status_code == 409
    assert "承認できるのは確認待ちだけです" in response.content.decode()
    assert AuditEntry.objects.filter(action=Action.APPROVE).count() == 1


def test_a_booking_says_when_and_where_to_cancel(site: Site, writer: User, approver: User) -> None:
    edition = booked(site.bureau, writer, approver)
    page = look(enter(approver), edition)
    assert edition.live_from is not None
    assert f"{japanese_moment(edition.live_from)}に公開されます" in page.text_content()
    assert open_buttons(page) == set()
    links = {link.get("href") for link in page.iterfind(".//section//a")}
    assert f"/admin/bureaus/page/{site.bureau.pk}/change/" in links


def test_an_end_of_a_page_with_children_is_refused_with_its_reason(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer, answer=Answer.GONE)
    page = look(enter(approver), edition)
    assert "下に公開中または公開予約中のページ" in page.text_content()
    assert "いま公開する" not in open_buttons(page)


def test_starting_over_is_possible_after_a_return(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    decide(enter(approver), edition, "return", comment="年が違います。")
    edition.refresh_from_db()
    assert start_codes(site, writer) == {"open_edition"}
    assert open_buttons(look(enter(approver), edition)) == {"緊急に公開する"}


def start_codes(site: Site, writer: User) -> set[str]:
    with pytest.raises(Blocked) as caught:
        start_draft(page=site.bureau, actor=writer)
    return refused(caught)
