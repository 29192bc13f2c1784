"""What is typed and not saved: kept for its officer alone, offered back, and never in the way."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from lxml.html import document_fromstring

from bureaus.models import AuditEntry, Autosave, Edition
from bureaus.publishing import Blocked, edit
from bureaus.publishing.actions.autosave import (
    SIZE_LIMIT,
    AutosaveTooLarge,
    FormVersion,
    discard_autosave,
    heartbeat,
    save_autosave,
)
from tests.helpers.admin_form import Fields, address, draft_of, fields_of
from tests.helpers.cast import Site, client_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


def content_of(draft: Edition, user: User, **changes: str) -> Fields:
    fields = fields_of(draft, user) | changes
    return {name: value for name, value in fields.items() if name not in {"revision", "do"}}


def send(writer_client: Client, draft: Edition, **what: Any) -> Any:
    sent = {"revision": draft.revision, **what}
    return writer_client.post(
        address(draft, "edition-autosave"), json.dumps(sent), content_type="application/json"
    )


def form(writer_client: Client, draft: Edition, query: str = "") -> str:
    return writer_client.get(address(draft) + query).content.decode()


def test_what_is_typed_is_kept_and_offered_back(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    answer = send(writer_client, draft, content=content_of(draft, writer, title="書きかけの表題"))
    assert answer.status_code == 200
    assert answer.json()["time"].endswith("分")
    assert "保存していない内容があります" in form(writer_client, draft)
    assert "書きかけの表題" not in form(writer_client, draft)
    assert 'value="書きかけの表題"' in form(writer_client, draft, "?copy=1")
    draft.refresh_from_db()
    assert draft.title != "書きかけの表題"


def test_a_copy_that_is_older_than_the_draft_says_so(
    draft: Edition, writer: User, second_approver: User
) -> None:
    writer_client, older = client_of(writer), "いまの下書きより前の内容です"
    send(writer_client, draft, content=content_of(draft, writer, title="書きかけの表題"))
    assert older not in form(writer_client, draft)
    edit(edition=draft, actor=second_approver, changes={"lead": "後"}, revision=draft.revision)
    assert older in form(writer_client, draft)


def test_no_single_key_throws_a_copy_away(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, content=content_of(draft, writer, title="書きかけの表題"))
    page = document_fromstring(form(writer_client, draft))
    assert page.xpath("//form[contains(@action, 'working-copy/drop')]")
    assert not page.xpath("//form[contains(@action, 'working-copy/drop')][not(ancestor::details)]")


def test_what_is_the_same_as_stored_is_not_offered(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, content=content_of(draft, writer))
    assert "保存していない内容があります" not in form(writer_client, draft)


def test_a_saving_drops_the_copy(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    typed = content_of(draft, writer, title="新しい表題")
    send(writer_client, draft, content=typed)
    writer_client.post(address(draft), fields_of(draft, writer) | {"title": "新しい表題"})
    assert Autosave.objects.get(edition=draft, officer=writer).content == {}
    assert "保存していない内容があります" not in form(writer_client, draft)


def test_who_does_not_want_it_throws_it_away(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, content=content_of(draft, writer, title="要らない表題"))
    response = writer_client.post(address(draft, "edition-autosave-discard"))
    assert response["Location"] == address(draft)
    assert "捨てました" in form(writer_client, draft)
    assert "保存していない内容があります" not in form(writer_client, draft)
    assert writer_client.get(address(draft, "edition-autosave-discard")).status_code == 405


def test_a_copy_begun_before_somebody_elses_saving_meets_it_side_by_side(
    draft: Edition, writer: User, second_approver: User
) -> None:
    writer_client = client_of(writer)
    send(writer_client, draft, content=content_of(draft, writer, title="わたしの表題"))
    edit(edition=draft, actor=second_approver, changes={"title": "先の表題"}, revision=1)
    loaded = form(writer_client, draft, "?copy=1")
    assert 'name="revision" value="1"' in loaded
    fields = fields_of(draft, writer) | {"title": "わたしの表題", "revision": "1"}
    response = writer_client.post(address(draft), fields)
    assert response.status_code == 409
    assert "先の" in response.content.decode()


def test_nobody_else_sees_a_copy(draft: Edition, writer: User, second_approver: User) -> None:
    send(client_of(writer), draft, content=content_of(draft, writer, title="わたしだけの表題"))
    other = client_of(second_approver)
    for query in ("", "?copy=1"):
        content = form(other, draft, query)
        assert "わたしだけの表題" not in content
        assert "保存していない内容があります" not in content


def test_a_copy_writes_no_event_and_changes_no_draft(draft: Edition, writer: User) -> None:
    before = AuditEntry.objects.count()
    save_autosave(edition=draft, officer=writer, content={"title": "x"}, form=FormVersion())
    discard_autosave(edition=draft, officer=writer, keys=[""])
    draft.refresh_from_db()
    assert (AuditEntry.objects.count(), draft.revision) == (before, 1)


def test_only_who_may_edit_keeps_a_copy(
    draft: Edition, approver: User, outsider: User, manager: User
) -> None:
    for officer in (approver, manager):
        assert send(client_of(officer), draft, content={"title": "x"}).status_code == 403
    assert send(client_of(outsider), draft, content={"title": "x"}).status_code == 404
    with pytest.raises(Blocked):
        save_autosave(edition=draft, officer=outsider, content={}, form=FormVersion())
    with pytest.raises(Blocked):
        heartbeat(edition=draft, officer=outsider, form=FormVersion())
    assert not Autosave.objects.exists()


def test_a_copy_has_a_greatest_size(draft: Edition, writer: User) -> None:
    answer = send(client_of(writer), draft, content={"title": "あ" * (SIZE_LIMIT // 3 + 1)})
    assert answer.status_code == 413
    assert "500,000バイト以内" in answer.json()["sentence"]
    with pytest.raises(AutosaveTooLarge):
        save_autosave(
            edition=draft,
            officer=writer,
            content=dict.fromkeys(map(str, range(5_001)), ""),
            form=FormVersion(),
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
    answer = client_of(writer).post(
        address(draft, "edition-autosave"), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "開き直して" in answer.json()["sentence"]


@pytest.mark.parametrize("revision", [-1, 10**30, None, "x", {}])
def test_a_strange_revision_is_none(draft: Edition, writer: User, revision: Any) -> None:
    answer = send(client_of(writer), draft, revision=revision, content={"title": "\x00\ud800x"})
    assert answer.status_code == 200
    copy = Autosave.objects.get()
    assert (copy.revision, copy.content["title"]) == (0, "x")


def test_a_copy_of_nothing_that_the_form_knows_is_shown_without_harm(
    draft: Edition, writer: User
) -> None:
    writer_client = client_of(writer)
    send(
        writer_client,
        draft,
        content={"links-TOTAL_FORMS": "x", "title": "題", "links-0-page": "/\x00"},
    )
    assert "保存していない内容があります" in form(writer_client, draft)
    assert 'value="題"' in form(writer_client, draft, "?copy=1")


def test_a_stranger_is_asked_to_log_in(draft: Edition, citizen: Client) -> None:
    assert send(citizen, draft, content={})["Location"].startswith("/admin/login/")


def test_a_form_that_was_open_gets_the_token_of_the_new_login(draft: Edition, writer: User) -> None:
    writer_client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    writer_client.force_login(writer)
    assert send(writer_client, draft).status_code == 403
    token = writer_client.get(address(draft, "edition-autosave")).json()["token"]
    answer = writer_client.post(
        address(draft, "edition-autosave"),
        json.dumps({"revision": 1}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200


# Presence


def test_who_has_it_open_is_said_to_the_others(
    draft: Edition, writer: User, second_approver: User
) -> None:
    send(client_of(writer), draft)
    other = client_of(second_approver)
    assert "鈴木さんが" in form(other, draft)
    assert "鈴木さんが" in send(other, draft).json()["others"][0]
    assert "鈴木さんが" not in form(client_of(writer), draft).replace("高橋さんが", "")
    assert "高橋さんが" in form(client_of(writer), draft)


def test_who_has_gone_is_not_said_and_begins_anew(
    draft: Edition, writer: User, second_approver: User
) -> None:
    earlier = timezone.now() - timedelta(minutes=3)
    heartbeat(edition=draft, officer=writer, form=FormVersion())
    Autosave.objects.update(seen_at=earlier, opened_at=earlier)
    assert "鈴木さんが" not in form(client_of(second_approver), draft)
    heartbeat(edition=draft, officer=writer, form=FormVersion())
    assert Autosave.objects.get().opened_at > earlier


def test_to_be_there_keeps_what_was_typed(draft: Edition, writer: User) -> None:
    save_autosave(edition=draft, officer=writer, content={"title": "題"}, form=FormVersion())
    heartbeat(edition=draft, officer=writer, form=FormVersion())
    assert Autosave.objects.get().content["title"] == "題"
