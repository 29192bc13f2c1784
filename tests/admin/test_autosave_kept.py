"""Working copies: one for each form, and what is left of them when the draft has gone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Autosave, Edition
from bureaus.publishing import discard
from bureaus.publishing.actions.autosave import (
    AUTOSAVES_LIMIT,
    AutosaveClosed,
    FormVersion,
    discard_autosave,
    heartbeat,
    save_autosave,
)
from tests.admin.test_autosave import content_of, draft, form, send
from tests.helpers.admin_form import address, fields_of
from tests.helpers.cast import client_of

pytestmark = pytest.mark.one_database

__all__ = ["draft"]


# A copy for each form


def key(number: int) -> str:
    return f"{number:032x}"


def offers(writer_client: Client, draft: Edition) -> bool:
    return "保存していない内容があります" in form(writer_client, draft)


def test_what_is_offered_survives_whatever_is_typed_in_the_new_form(
    draft: Edition, writer: User
) -> None:
    writer_client = client_of(writer)
    send(
        writer_client,
        draft,
        form_key=key(1),
        content=content_of(draft, writer, lead="一時間の文章"),
    )
    assert offers(writer_client, draft)
    send(writer_client, draft, form_key=key(2), content=content_of(draft, writer, title="一字"))
    assert "一時間の文章" in form(writer_client, draft, f"?copy={key(1)}")


def test_every_form_has_a_key_of_its_own(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    keys = {writer_client.get(address(draft)).context["form_key"] for _ in range(2)}
    assert len(keys) == 2
    assert all(f'name="form_key" value="{each}"' not in form(writer_client, draft) for each in keys)


def test_what_is_taken_up_moves_into_the_new_form(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    typed = content_of(draft, writer, lead="停電の前")
    send(writer_client, draft, form_key=key(1), content=typed)
    reopened = writer_client.get(f"{address(draft)}?copy={key(1)}")
    assert f'name="origin" value="{key(1)}"' in reopened.content.decode()
    new = reopened.context["form_key"]
    send(writer_client, draft, form_key=new, origin=key(1), content=typed)
    kept = Autosave.objects.exclude(content={}).values_list("form_key", flat=True)
    assert list(kept) == [new]
    assert "停電の前" in form(writer_client, draft, f"?copy={key(1)}"), (
        "also after the screen is read again"
    )


def test_saving_what_was_taken_up_leaves_nothing_to_offer(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, form_key=key(1), content=content_of(draft, writer, lead="停電の前"))
    fields = fields_of(draft, writer) | {"lead": "停電の前、その後"}
    writer_client.post(address(draft), fields | {"form_key": key(2), "origin": key(1)})
    assert not offers(writer_client, draft)


def test_saving_in_one_tab_keeps_what_was_typed_in_the_other(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(
        writer_client,
        draft,
        form_key=key(1),
        content=content_of(draft, writer, lead="一つ目のタブ"),
    )
    writer_client.post(
        address(draft), fields_of(draft, writer) | {"title": "二つ目", "form_key": key(2)}
    )
    assert "一つ目のタブ" in form(writer_client, draft, f"?copy={key(1)}")
    assert offers(writer_client, draft)


@pytest.mark.parametrize("was_seen", [True, False])
def test_what_arrives_after_its_form_was_saved_is_refused(
    draft: Edition, writer: User, *, was_seen: bool
) -> None:
    writer_client = client_of(writer)
    if was_seen:
        send(writer_client, draft, form_key=key(1))
    writer_client.post(
        address(draft), fields_of(draft, writer) | {"lead": "新しい", "form_key": key(1)}
    )
    answer = send(
        writer_client, draft, form_key=key(1), content=content_of(draft, writer, lead="途中")
    )
    assert answer.status_code == 409
    assert answer.json()["form_key"] != key(1), "who still types goes on under another key"
    assert not offers(writer_client, draft)
    with pytest.raises(AutosaveClosed):
        heartbeat(edition=draft, officer=writer, form=FormVersion(key(1)))


def test_what_was_refused_is_kept_once_and_under_the_key_of_the_new_form(
    draft: Edition, writer: User
) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, form_key=key(1), content=content_of(draft, writer, lead="古い"))
    fields = fields_of(draft, writer) | {"title": "あ" * 201, "form_key": key(1)}
    reopened = writer_client.post(address(draft), fields)
    copy = Autosave.objects.exclude(content={}).get()
    assert (copy.form_key, copy.content["title"]) == (reopened.context["form_key"], "あ" * 201)
    writer_client.post(address(draft), fields | {"title": "短い", "form_key": copy.form_key})
    assert not offers(writer_client, draft)


def test_the_copy_that_was_typed_later_stays(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    for sequence, lead in ((2, "新しい長い文章"), (1, "古い"), (2, "同じ番号")):
        content = content_of(draft, writer, lead=lead)
        answer = send(writer_client, draft, form_key=key(1), sequence=sequence, content=content)
        assert answer.status_code == 200
    assert Autosave.objects.get().content["lead"] == "新しい長い文章"


def test_only_the_newest_copies_are_kept_and_opening_a_form_costs_none(
    draft: Edition, writer: User
) -> None:
    for number in range(AUTOSAVES_LIMIT):
        save_autosave(
            edition=draft,
            officer=writer,
            content={"title": f"{number}"},
            form=FormVersion(key(number)),
        )
    for number in range(10, 20):
        heartbeat(edition=draft, officer=writer, form=FormVersion(key(number)))
    words = Autosave.objects.exclude(content={})
    assert words.count() == AUTOSAVES_LIMIT
    assert Autosave.objects.count() <= AUTOSAVES_LIMIT + 1
    save_autosave(edition=draft, officer=writer, content={"title": "新"}, form=FormVersion(key(30)))
    titles = {copy.content["title"] for copy in words.all()}
    assert titles == {"新", *(f"{number}" for number in range(1, AUTOSAVES_LIMIT))}


def test_what_was_closed_is_forgotten_after_a_day(draft: Edition, writer: User) -> None:
    discard_autosave(edition=draft, officer=writer, keys=[key(1)])
    heartbeat(edition=draft, officer=writer, form=FormVersion(key(2)))
    assert Autosave.objects.count() == 2
    Autosave.objects.filter(form_key=key(1)).update(closed_at=timezone.now() - timedelta(days=2))
    heartbeat(edition=draft, officer=writer, form=FormVersion(key(3)))
    assert not Autosave.objects.filter(form_key=key(1)).exists()


def test_a_form_left_long_ago_is_offered_before_one_that_may_be_open(
    draft: Edition, writer: User
) -> None:
    writer_client = client_of(writer)
    for number, lead in ((1, "昨日"), (2, "いま")):
        content = content_of(draft, writer, lead=lead)
        send(writer_client, draft, form_key=key(number), content=content)
    assert "いまも別の画面で開いている" in form(writer_client, draft)
    earlier = timezone.now() - timedelta(minutes=3)
    Autosave.objects.filter(form_key=key(1)).update(seen_at=earlier)
    reopened = form(writer_client, draft)
    assert f"?copy={key(1)}" in reopened
    assert "いまも別の画面で開いている" not in reopened
    writer_client.post(address(draft, "edition-autosave-discard"), {"form_key": key(1)})
    assert f"?copy={key(2)}" in form(writer_client, draft), "one after the other"


def test_what_is_as_stored_hides_nothing_that_is_not(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, form_key=key(1), content=content_of(draft, writer, lead="言葉"))
    send(writer_client, draft, form_key=key(2), content=content_of(draft, writer))
    assert f"?copy={key(1)}" in form(writer_client, draft)


def test_a_colleague_with_two_tabs_is_one_colleague(
    draft: Edition, writer: User, second_approver: User
) -> None:
    for number in range(2):
        send(client_of(writer), draft, form_key=key(number))
    assert len(send(client_of(second_approver), draft).json()["others"]) == 1


# A draft that has gone


def test_who_discards_is_told_who_writes_in_it(
    draft: Edition, writer: User, second_approver: User
) -> None:
    confirm = reverse("admin:edition-action", args=[draft.pk, "discard"])
    send(client_of(second_approver), draft, content=content_of(draft, second_approver, lead="長い"))
    reopened = client_of(writer).get(confirm).content.decode()
    assert "高橋さんが入力して、まだ保存していない内容があります" in reopened
    assert "から開いています" in reopened
    assert "長い" not in reopened
    own = client_of(second_approver).get(confirm).content.decode()
    assert "まだ保存していない" not in own


def test_a_draft_discarded_meanwhile_is_said_and_shown_with_what_was_sent(
    draft: Edition, writer: User, second_approver: User
) -> None:
    writer_client = client_of(second_approver)
    fields = fields_of(draft, second_approver) | {"lead": "長い<b>", "links-1-text": "リンク先"}
    where = address(draft)
    discard(edition=draft, actor=writer)
    response = writer_client.post(where, fields)
    assert response.status_code == 404
    reopened = response.content.decode()
    for words in (
        "この下書きは、もうありません",
        "長い&lt;b&gt;",
        "リンク2のリンクの文字",
        "リンク先",
    ):
        assert words in reopened
    assert "TOTAL_FORMS" not in reopened
    assert "このアドレスの応答" not in reopened, "what was only chosen"
    answer = send(writer_client, draft, content={"lead": "長い"})
    assert answer.status_code == 404
    assert "もうありません" in answer.json()["sentence"]
    assert writer_client.get(address(draft, "edition-autosave")).json()["sentence"]


def test_an_officer_who_has_lost_the_branch_meanwhile_still_sees_what_they_sent(
    draft: Edition, writer: User
) -> None:
    writer_client = client_of(writer)
    fields = fields_of(draft, writer) | {"lead": "長い文章"}
    writer.groups.clear()
    response = writer_client.post(address(draft), fields)
    assert response.status_code == 404, "a draft of another branch is not there"
    assert "長い文章" in response.content.decode()
    answer = send(writer_client, draft, content={"lead": "長い"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert "もうありません" in answer.json()["sentence"]
