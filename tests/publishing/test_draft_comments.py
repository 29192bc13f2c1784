"""Comments on a draft: where they stand, who learns of them, and that nobody else does."""

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from bureaus.models import (
    Action,
    AuditEntry,
    DraftComment,
    Edition,
    Notice,
    NoticeKind,
    Role,
    SealKind,
)
from bureaus.publishing import (
    Blocked,
    SealRequest,
    Subject,
    answer,
    approve,
    comment,
    confirm_seal,
    discard,
    edit,
    propose_seal,
    reopen,
    resolve,
    submit,
)
from bureaus.publishing.draft_comments import Thread, passages_of, threads_of
from bureaus.text.quotes import Quote, place_of
from tests.helpers.cast import BUREAU, Site, client_of, officer
from tests.helpers.editing import drafted, refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BODY = "<p>通信の政策です。</p><p>次の会議は8月に開きます。</p>"
WORD = "柑橘の言葉です"


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return drafted(site.bureau, writer, body=BODY, lead="局の要旨")


def place_with(edition: Edition, words: str) -> str:
    return next(each.place for each in passages_of(edition) if words in each.text)


def commented(draft: Edition, actor: User, quote: str = "8月", text: str = "年は？") -> str:
    subject = Subject(place_with(draft, quote), quote, draft.revision)
    return comment(edition=draft, text=text, actor=actor, subject=subject).key


def saved(draft: Edition, actor: User, **changes: str) -> Edition:
    found = Edition.objects.with_page().get(pk=draft.pk)
    return edit(edition=found, actor=actor, changes=changes, revision=found.revision)


def thread_of(edition: Edition) -> Thread:
    fresh = Edition.objects.with_page().get(pk=edition.pk)
    [thread] = threads_of(fresh, passages_of(fresh))
    return thread


def test_of_several_places_the_one_with_the_same_words_around_it_is_found() -> None:
    text = "8月の会議と、次の8月の講演"
    assert place_of(Quote("8月", "次の", "の講演"), text) == text.rindex("8月")
    assert place_of(Quote("8月", "", "の会議"), text) == 0
    assert place_of(Quote("9月"), text) is None


def test_a_comment_moves_with_its_passage_and_says_when_that_has_gone(
    draft: Edition, writer: User, approver: User
) -> None:
    commented(draft, approver)
    assert thread_of(draft).place == place_with(draft, "8月")
    moved = saved(draft, writer, body=f"<p>新しい段落</p><h3>予定</h3>{BODY}")
    assert thread_of(moved).place == place_with(moved, "8月")
    elsewhere = saved(draft, writer, body="<p>通信</p>", lead="会議は8月に開きます。")
    assert thread_of(elsewhere).place == place_with(elsewhere, "8月")
    gone = saved(draft, writer, lead="会議を開きます。")
    assert thread_of(gone).is_gone
    assert thread_of(gone).first.quote == "8月"


def test_what_was_selected_has_to_be_there(draft: Edition, approver: User) -> None:
    for subject, code in (
        (Subject(place_with(draft, "8月"), "9月", draft.revision), "passage"),
        (Subject(place_with(draft, "8月"), "8月", draft.revision + 1), "changed"),
        (Subject("99-0"), "changed"),
    ):
        with pytest.raises(Blocked) as unknown:
            comment(edition=draft, text="年は？", actor=approver, subject=subject)
        assert refused(unknown) == {code}
    with pytest.raises(Blocked) as empty:
        answer(edition=draft, thread="0" * 32, text=" ", actor=approver)
    assert refused(empty) == {"comment", "deleted"}


def test_who_wrote_and_who_takes_part_get_a_notice(
    site: Site, draft: Edition, writer: User, approver: User
) -> None:
    manager = officer("管理", {site.bureau: [Role.MANAGER]})
    thread = commented(draft, approver)
    answer(edition=draft, thread=thread, text="書きます。", actor=manager)
    answer(edition=draft, thread=thread, text="書きました。", actor=writer)
    resolve(edition=draft, thread=thread, actor=approver)
    with pytest.raises(Blocked) as twice:
        resolve(edition=draft, thread=thread, actor=manager)
    assert refused(twice) == {"already"}
    reopen(edition=draft, thread=thread, actor=approver)
    notices = Notice.objects.filter(kind=NoticeKind.COMMENTED).order_by("pk")
    assert sorted(notices.values_list("entry__actor__username", "recipient__username")) == sorted(
        [
            (approver.username, writer.username),
            (manager.username, writer.username),
            (manager.username, approver.username),
            (writer.username, approver.username),
            (writer.username, manager.username),
            (approver.username, writer.username),
            (approver.username, manager.username),
        ]
    )
    page = client_of(writer).get("/admin/bureaus/notices/").content.decode()
    assert f"/admin/bureaus/edition/{draft.pk}/comments/" in page


def test_no_comment_is_published(
    draft: Edition, writer: User, approver: User, citizen: Client
) -> None:
    commented(draft, approver, text=WORD)
    [edition] = approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    assert DraftComment.objects.get(edition=edition).text == WORD
    bureau = BUREAU.removesuffix("/")
    for address in (
        *(BUREAU, f"{bureau}.json", f"{BUREAU}history/", f"{BUREAU}feed.xml", "/sitemap.xml"),
        *(f"{BUREAU}history/?older=1&newer=2", "/search/?q=柑橘の言葉", "/organisations.csv"),
    ):
        assert WORD not in b"".join(citizen.get(address)).decode(), address


@pytest.mark.usefixtures("media")
def test_no_comment_leaves_the_site_nor_outlives_a_discarded_draft(
    draft: Edition, writer: User, approver: User, tmp_path: Path
) -> None:
    commented(draft, approver, text=WORD)
    call_command("export_content", tmp_path / "out", stdout=io.StringIO())
    [content] = (tmp_path / "out").glob("*.json")
    assert WORD not in content.read_text()
    assert WORD not in json.dumps(list(AuditEntry.objects.values("note", "details")))
    discard(edition=draft, actor=writer)
    assert not DraftComment.objects.exists()


def test_a_seal_overwrites_what_comments_say_and_quote(
    draft: Edition, writer: User, approver: User, second_approver: User
) -> None:
    commented(draft, writer, "次の会議は8月", text="「8月に開きます」は正しいか")
    [edition] = approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    request = SealRequest(edition, SealKind.PASSAGE, passage="8月に開きます")
    seal = propose_seal(request=request, ground="law", reason="秘密", actor=approver)
    confirm_seal(seal=seal, actor=second_approver)
    stored = DraftComment.objects.get()
    assert "8月" not in f"{stored.text}{stored.quote}{stored.before}{stored.after}"


def test_the_audit_log_has_each_step(draft: Edition, approver: User) -> None:
    thread = commented(draft, approver)
    resolve(edition=draft, thread=thread, actor=approver)
    reopen(edition=draft, thread=thread, actor=approver)
    entries = AuditEntry.objects.filter(edition=draft, details__thread=thread).order_by("pk")
    assert list(entries.values_list("action", flat=True)) == [
        *(Action.COMMENT, Action.RESOLVE, Action.REOPEN)
    ]
