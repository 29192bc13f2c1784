"""What is typed and not saved: kept for its officer alone, offered back, and never in the way."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Edition, Event, WorkingCopy
from bureaus.publishing import Refused, discard, edit
from bureaus.publishing.working_copies import (
    COPIES_LIMIT,
    SIZE_LIMIT,
    Closed,
    Form,
    TooLarge,
    drop,
    keep,
    see,
)
from tests.admin_form import Fields, address, at_desk, draft_of, fields_of
from tests.cast import Site


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


def content_of(draft: Edition, user: User, **changes: str) -> Fields:
    fields = fields_of(draft, user) | changes
    return {name: value for name, value in fields.items() if name not in {"revision", "do"}}


def send(desk: Client, draft: Edition, **what: Any) -> Any:
    sent = {"revision": draft.revision, **what}
    return desk.post(
        address(draft, "edition-working-copy"), json.dumps(sent), content_type="application/json"
    )


def form(desk: Client, draft: Edition, query: str = "") -> str:
    return desk.get(address(draft) + query).content.decode()


def test_what_is_typed_is_kept_and_offered_back(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    answer = send(desk, draft, content=content_of(draft, writer, title="書きかけの表題"))
    assert answer.status_code == 200
    assert answer.json()["time"].endswith("分")
    assert "保存していない内容があります" in form(desk, draft)
    assert "書きかけの表題" not in form(desk, draft)
    assert 'value="書きかけの表題"' in form(desk, draft, "?copy=1")
    draft.refresh_from_db()
    assert draft.title != "書きかけの表題"


def test_what_is_the_same_as_stored_is_not_offered(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    send(desk, draft, content=content_of(draft, writer))
    assert "保存していない内容があります" not in form(desk, draft)


def test_a_saving_drops_the_copy(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    typed = content_of(draft, writer, title="新しい表題")
    send(desk, draft, content=typed)
    desk.post(address(draft), fields_of(draft, writer) | {"title": "新しい表題"})
    assert WorkingCopy.objects.get(edition=draft, officer=writer).content == {}
    assert "保存していない内容があります" not in form(desk, draft)


def test_who_does_not_want_it_throws_it_away(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    send(desk, draft, content=content_of(draft, writer, title="要らない表題"))
    response = desk.post(address(draft, "edition-working-copy-drop"))
    assert response["Location"] == address(draft)
    assert "捨てました" in form(desk, draft)
    assert "保存していない内容があります" not in form(desk, draft)
    assert desk.get(address(draft, "edition-working-copy-drop")).status_code == 405


def test_a_copy_begun_before_somebody_elses_saving_meets_it_side_by_side(
    draft: Edition, writer: User, second_approver: User
) -> None:
    desk = at_desk(writer)
    send(desk, draft, content=content_of(draft, writer, title="わたしの表題"))
    edit(edition=draft, actor=second_approver, changes={"title": "先の表題"}, revision=1)
    loaded = form(desk, draft, "?copy=1")
    assert 'name="revision" value="1"' in loaded
    fields = fields_of(draft, writer) | {"title": "わたしの表題", "revision": "1"}
    response = desk.post(address(draft), fields)
    assert response.status_code == 409
    assert "先の" in response.content.decode()


def test_nobody_else_sees_a_copy(draft: Edition, writer: User, second_approver: User) -> None:
    send(at_desk(writer), draft, content=content_of(draft, writer, title="わたしだけの表題"))
    other = at_desk(second_approver)
    for query in ("", "?copy=1"):
        content = form(other, draft, query)
        assert "わたしだけの表題" not in content
        assert "保存していない内容があります" not in content


def test_a_copy_writes_no_event_and_changes_no_draft(draft: Edition, writer: User) -> None:
    before = Event.objects.count()
    keep(edition=draft, officer=writer, content={"title": "x"}, form=Form())
    drop(edition=draft, officer=writer, keys=[""])
    draft.refresh_from_db()
    assert (Event.objects.count(), draft.revision) == (before, 1)


def test_only_who_may_edit_keeps_a_copy(
    draft: Edition, approver: User, outsider: User, manager: User
) -> None:
    for officer in (approver, manager):
        assert send(at_desk(officer), draft, content={"title": "x"}).status_code == 403
    assert send(at_desk(outsider), draft, content={"title": "x"}).status_code == 404
    with pytest.raises(Refused):
        keep(edition=draft, officer=outsider, content={}, form=Form())
    with pytest.raises(Refused):
        see(edition=draft, officer=outsider, form=Form())
    assert not WorkingCopy.objects.exists()


def test_a_copy_has_a_greatest_size(draft: Edition, writer: User) -> None:
    answer = send(at_desk(writer), draft, content={"title": "あ" * (SIZE_LIMIT // 3 + 1)})
    assert answer.status_code == 413
    assert "500,000バイト以内" in answer.json()["sentence"]
    with pytest.raises(TooLarge):
        keep(
            edition=draft,
            officer=writer,
            content=dict.fromkeys(map(str, range(5_001)), ""),
            form=Form(),
        )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "x",
        "[]",
        "{}",
        "[" * 100_000,
        '{"revision": 1, "content": "x"}',
        '{"revision": 1, "content": [1]}',
        b"\xff",
    ],
)
def test_what_is_no_copy_is_refused_quietly(draft: Edition, writer: User, body: Any) -> None:
    answer = at_desk(writer).post(
        address(draft, "edition-working-copy"), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "開き直して" in answer.json()["sentence"]


@pytest.mark.parametrize("revision", [-1, 10**30, None, "x", {}])
def test_a_strange_revision_is_none(draft: Edition, writer: User, revision: Any) -> None:
    answer = send(at_desk(writer), draft, revision=revision, content={"title": "\x00\ud800x"})
    assert answer.status_code == 200
    copy = WorkingCopy.objects.get()
    assert (copy.revision, copy.content["title"]) == (0, "x")


def test_a_copy_of_nothing_that_the_form_knows_is_shown_without_harm(
    draft: Edition, writer: User
) -> None:
    desk = at_desk(writer)
    send(desk, draft, content={"links-TOTAL_FORMS": "x", "title": "題", "links-0-page": "/\x00"})
    assert "保存していない内容があります" in form(desk, draft)
    assert 'value="題"' in form(desk, draft, "?copy=1")


def test_a_stranger_is_asked_to_log_in(draft: Edition, citizen: Client) -> None:
    assert send(citizen, draft, content={})["Location"].startswith("/admin/login/")


def test_a_form_that_was_open_gets_the_token_of_the_new_login(draft: Edition, writer: User) -> None:
    desk = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    desk.force_login(writer)
    assert send(desk, draft).status_code == 403
    token = desk.get(address(draft, "edition-working-copy")).json()["token"]
    answer = desk.post(
        address(draft, "edition-working-copy"),
        json.dumps({"revision": 1}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200


# Presence


def test_who_has_it_open_is_said_to_the_others(
    draft: Edition, writer: User, second_approver: User
) -> None:
    send(at_desk(writer), draft)
    other = at_desk(second_approver)
    assert "鈴木さんが" in form(other, draft)
    assert "鈴木さんが" in send(other, draft).json()["others"][0]
    assert "鈴木さんが" not in form(at_desk(writer), draft).replace("高橋さんが", "")
    assert "高橋さんが" in form(at_desk(writer), draft)


def test_who_has_gone_is_not_said_and_begins_anew(
    draft: Edition, writer: User, second_approver: User
) -> None:
    earlier = timezone.now() - timedelta(minutes=3)
    see(edition=draft, officer=writer, form=Form())
    WorkingCopy.objects.update(seen_at=earlier, opened_at=earlier)
    assert "鈴木さんが" not in form(at_desk(second_approver), draft)
    see(edition=draft, officer=writer, form=Form())
    assert WorkingCopy.objects.get().opened_at > earlier


def test_to_be_there_keeps_what_was_typed(draft: Edition, writer: User) -> None:
    keep(edition=draft, officer=writer, content={"title": "題"}, form=Form())
    see(edition=draft, officer=writer, form=Form())
    assert WorkingCopy.objects.get().content["title"] == "題"


# A copy for each form


def key(number: int) -> str:
    return f"{number:032x}"


def offers(desk: Client, draft: Edition) -> bool:
    return "保存していない内容があります" in form(desk, draft)


def test_what_is_offered_survives_whatever_is_typed_in_the_new_form(
    draft: Edition, writer: User
) -> None:
    desk = at_desk(writer)
    send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="一時間の文章"))
    assert offers(desk, draft)
    send(desk, draft, form_key=key(2), content=content_of(draft, writer, title="一字"))
    assert "一時間の文章" in form(desk, draft, f"?copy={key(1)}")


def test_every_form_has_a_key_of_its_own(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    keys = {desk.get(address(draft)).context["form_key"] for _ in range(2)}
    assert len(keys) == 2
    assert all(f'name="form_key" value="{each}"' not in form(desk, draft) for each in keys)


def test_what_is_taken_up_moves_into_the_new_form(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    typed = content_of(draft, writer, lead="停電の前")
    send(desk, draft, form_key=key(1), content=typed)
    shown = desk.get(f"{address(draft)}?copy={key(1)}")
    assert f'name="origin" value="{key(1)}"' in shown.content.decode()
    new = shown.context["form_key"]
    send(desk, draft, form_key=new, origin=key(1), content=typed)
    kept = WorkingCopy.objects.exclude(content={}).values_list("form_key", flat=True)
    assert list(kept) == [new]
    assert "停電の前" in form(desk, draft, f"?copy={key(1)}"), "also after the screen is read again"


def test_saving_what_was_taken_up_leaves_nothing_to_offer(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="停電の前"))
    fields = fields_of(draft, writer) | {"lead": "停電の前、その後"}
    desk.post(address(draft), fields | {"form_key": key(2), "origin": key(1)})
    assert not offers(desk, draft)


def test_saving_in_one_tab_keeps_what_was_typed_in_the_other(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="一つ目のタブ"))
    desk.post(address(draft), fields_of(draft, writer) | {"title": "二つ目", "form_key": key(2)})
    assert "一つ目のタブ" in form(desk, draft, f"?copy={key(1)}")
    assert offers(desk, draft)


@pytest.mark.parametrize("was_seen", [True, False])
def test_what_arrives_after_its_form_was_saved_is_refused(
    draft: Edition, writer: User, *, was_seen: bool
) -> None:
    desk = at_desk(writer)
    if was_seen:
        send(desk, draft, form_key=key(1))
    desk.post(address(draft), fields_of(draft, writer) | {"lead": "新しい", "form_key": key(1)})
    answer = send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="途中"))
    assert answer.status_code == 409
    assert answer.json()["form_key"] != key(1), "who still types goes on under another key"
    assert not offers(desk, draft)
    with pytest.raises(Closed):
        see(edition=draft, officer=writer, form=Form(key(1)))


def test_what_was_refused_is_kept_once_and_under_the_key_of_the_new_form(
    draft: Edition, writer: User
) -> None:
    desk = at_desk(writer)
    send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="古い"))
    fields = fields_of(draft, writer) | {"title": "あ" * 201, "form_key": key(1)}
    shown = desk.post(address(draft), fields)
    copy = WorkingCopy.objects.exclude(content={}).get()
    assert (copy.form_key, copy.content["title"]) == (shown.context["form_key"], "あ" * 201)
    desk.post(address(draft), fields | {"title": "短い", "form_key": copy.form_key})
    assert not offers(desk, draft)


def test_the_copy_that_was_typed_later_stays(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    for sequence, lead in ((2, "新しい長い文章"), (1, "古い"), (2, "同じ番号")):
        content = content_of(draft, writer, lead=lead)
        answer = send(desk, draft, form_key=key(1), sequence=sequence, content=content)
        assert answer.status_code == 200
    assert WorkingCopy.objects.get().content["lead"] == "新しい長い文章"


def test_only_the_newest_copies_are_kept_and_opening_a_form_costs_none(
    draft: Edition, writer: User
) -> None:
    for number in range(COPIES_LIMIT):
        keep(edition=draft, officer=writer, content={"title": f"{number}"}, form=Form(key(number)))
    for number in range(10, 20):
        see(edition=draft, officer=writer, form=Form(key(number)))
    words = WorkingCopy.objects.exclude(content={})
    assert words.count() == COPIES_LIMIT
    assert WorkingCopy.objects.count() <= COPIES_LIMIT + 1
    keep(edition=draft, officer=writer, content={"title": "新"}, form=Form(key(30)))
    titles = {copy.content["title"] for copy in words.all()}
    assert titles == {"新", *(f"{number}" for number in range(1, COPIES_LIMIT))}


def test_what_was_closed_is_forgotten_after_a_day(draft: Edition, writer: User) -> None:
    drop(edition=draft, officer=writer, keys=[key(1)])
    see(edition=draft, officer=writer, form=Form(key(2)))
    assert WorkingCopy.objects.count() == 2
    WorkingCopy.objects.filter(form_key=key(1)).update(closed_at=timezone.now() - timedelta(days=2))
    see(edition=draft, officer=writer, form=Form(key(3)))
    assert not WorkingCopy.objects.filter(form_key=key(1)).exists()


def test_a_form_left_long_ago_is_offered_before_one_that_may_be_open(
    draft: Edition, writer: User
) -> None:
    desk = at_desk(writer)
    for number, lead in ((1, "昨日"), (2, "いま")):
        content = content_of(draft, writer, lead=lead)
        send(desk, draft, form_key=key(number), content=content)
    assert "いまも別の画面で開いている" in form(desk, draft)
    earlier = timezone.now() - timedelta(minutes=3)
    WorkingCopy.objects.filter(form_key=key(1)).update(seen_at=earlier)
    shown = form(desk, draft)
    assert f"?copy={key(1)}" in shown
    assert "いまも別の画面で開いている" not in shown
    desk.post(address(draft, "edition-working-copy-drop"), {"form_key": key(1)})
    assert f"?copy={key(2)}" in form(desk, draft), "one after the other"


def test_what_is_as_stored_hides_nothing_that_is_not(draft: Edition, writer: User) -> None:
    desk = at_desk(writer)
    send(desk, draft, form_key=key(1), content=content_of(draft, writer, lead="言葉"))
    send(desk, draft, form_key=key(2), content=content_of(draft, writer))
    assert f"?copy={key(1)}" in form(desk, draft)


def test_a_colleague_with_two_tabs_is_one_colleague(
    draft: Edition, writer: User, second_approver: User
) -> None:
    for number in range(2):
        send(at_desk(writer), draft, form_key=key(number))
    assert len(send(at_desk(second_approver), draft).json()["others"]) == 1


# A draft that has gone


def test_who_discards_is_told_who_writes_in_it(
    draft: Edition, writer: User, second_approver: User
) -> None:
    confirm = reverse("admin:edition-verb", args=[draft.pk, "discard"])
    send(at_desk(second_approver), draft, content=content_of(draft, second_approver, lead="長い"))
    shown = at_desk(writer).get(confirm).content.decode()
    assert "高橋さんが入力して、まだ保存していない内容があります" in shown
    assert "から開いています" in shown
    assert "長い" not in shown
    own = at_desk(second_approver).get(confirm).content.decode()
    assert "まだ保存していない" not in own


def test_a_draft_discarded_meanwhile_is_said_and_shown_with_what_was_sent(
    draft: Edition, writer: User, second_approver: User
) -> None:
    desk = at_desk(second_approver)
    fields = fields_of(draft, second_approver) | {"lead": "長い<b>", "links-1-text": "リンク先"}
    where = address(draft)
    discard(edition=draft, actor=writer)
    response = desk.post(where, fields)
    assert response.status_code == 404
    shown = response.content.decode()
    for words in (
        "この下書きは、もうありません",
        "長い&lt;b&gt;",
        "リンク2のリンクの文字",
        "リンク先",
    ):
        assert words in shown
    assert "TOTAL_FORMS" not in shown
    assert "このアドレスの応答" not in shown, "what was only chosen"
    answer = send(desk, draft, content={"lead": "長い"})
    assert answer.status_code == 404
    assert "もうありません" in answer.json()["sentence"]
    assert desk.get(address(draft, "edition-working-copy")).json()["sentence"]


def test_who_has_lost_his_branch_meanwhile_still_sees_what_he_sent(
    draft: Edition, writer: User
) -> None:
    desk = at_desk(writer)
    fields = fields_of(draft, writer) | {"lead": "長い文章"}
    writer.groups.clear()
    response = desk.post(address(draft), fields)
    assert response.status_code == 404, "a draft that he does not keep is not there for him"
    assert "長い文章" in response.content.decode()
    answer = send(desk, draft, content={"lead": "長い"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert "もうありません" in answer.json()["sentence"]
