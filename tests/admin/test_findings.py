"""Proofreading at the desks: the seed as somebody pastes it, the list, and letting stand."""

import json
import re
from html import escape, unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import Acceptance, Action, AuditEntry, Edition, Image, Kind, State
from bureaus.publishing import add, findings_report, submit
from tests.helpers.admin_form import address, draft_of, fields_of, row
from tests.helpers.cast import Site, client_of
from tests.helpers.page_details import text_in
from tests.helpers.paths import TEST_DATA

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SEED = (TEST_DATA / "seed.txt").read_text("utf-8")
VAGUE = "今秋、会合を開きます。"


@pytest.fixture
def writer_client(writer: User) -> Client:
    return client_of(writer)


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


def save(writer_client: Client, draft: Edition, user: User, **typed: str) -> str:
    """What an officer sees after saving."""
    response = writer_client.post(address(draft), fields_of(draft, user) | typed, follow=True)
    return str(response.content.decode())


def ask(writer_client: Client, draft: Edition, user: User, **typed: str) -> dict[str, Any]:
    response = writer_client.post(
        address(draft, "edition-findings"), fields_of(draft, user) | typed
    )
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def accepting(draft: Edition, rule: str) -> str:
    [found] = [each for each in findings_report(draft).findings if each.rule == rule]
    words = {"rule": found.rule, "quote": found.quote}
    return address(draft, "edition-accept") + f"?{reverse_query(words)}"


def reverse_query(words: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(words)


# What stops a submission


def test_the_page_of_2013_as_it_was_pasted_is_refused_by_the_names_of_its_faults(
    site: Site, writer: User
) -> None:
    """An officer makes a page, pastes a copied text, paragraph by paragraph, and submits it."""
    page = add(
        parent=site.bureau, kind=Kind.PAGE, slug="utsushi", title="情報通信国際戦略局", actor=writer
    )
    draft = Edition.objects.get(page=page)
    pasted = "".join(f"<p>{escape(line)}</p>" for line in SEED.splitlines())
    writer_client = client_of(writer)
    html = save(
        writer_client, draft, writer, body=pasted, change_note="はじめての公開", do="submit"
    )
    assert Edition.objects.get(pk=draft.pk).state == State.DRAFT
    refused = html[html.index('aria-labelledby="unready"') :]
    reasons = text_in(refused[: refused.index("</section>")])
    assert "【テスト】" in reasons
    assert reasons.count("こちら") >= 2
    assert "文字の「PDF」が付いています" in reasons
    assert "2回" in reasons or "二度" in reasons or "2度" in reasons
    assert "今年" in reasons
    listed = html[html.index('id="findings"') :]
    assert "文章がありません" in text_in(listed)
    assert listed.count('data-level="error"') > 0
    assert "誤り" in text_in(listed)


def test_a_warning_stops_nothing(
    site: Site, writer_client: Client, draft: Edition, writer: User
) -> None:
    html = save(
        writer_client, draft, writer, lead="㈱の会議です。", change_note="見直し", do="submit"
    )
    assert "承認者のホームに出ます" in html
    assert Edition.objects.get(pk=draft.pk).state == State.REVIEW


def test_an_error_stops_it_and_its_reason_leads_to_its_field(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    html = save(
        writer_client, draft, writer, lead="今年の会議です。", change_note="見直し", do="submit"
    )
    assert Edition.objects.get(pk=draft.pk).state == State.DRAFT
    assert re.search(r'<a href="#id_lead">要旨：「今年」', html)


def test_a_fault_of_a_picture_is_said_once(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    picture = Image.objects.create(file="images/a.png", width=9, height=9, byte_size=9)
    figure = row("figures", 0, image=picture.pk, alt="写真1")
    html = save(writer_client, draft, writer, change_note="図", do="submit", **figure)
    unready = html[html.index('aria-labelledby="unready"') :]
    reasons = text_in(unready[: unready.index("</section>")])
    assert reasons.count("写真1") == 1
    assert 'href="#id_figures-0-alt"' in unready


# While one writes


def test_what_is_typed_is_proofread_without_being_saved(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    answer = ask(writer_client, draft, writer, lead="㈱の会議です。")
    assert answer["count"] == "注意1件があります。"
    [found] = answer["findings"]
    assert (found["rule"], found["name"], found["words"]) == ("char-dependent", "lead", "㈱")
    assert (found["start"], found["end"], found["replacement"]) == (0, 1, "（株）")
    assert "このままにする" in str(answer["html"])
    assert Edition.objects.get(pk=draft.pk).lead != "㈱の会議です。"


def test_a_finding_in_a_row_names_the_field_of_that_row(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    rows = row("links", 0, text="", url="") | row(
        "links", 1, text="こちら", url="https://www.example.go.jp/"
    )
    answer = ask(writer_client, draft, writer, **rows)
    found = [each for each in answer["findings"] if each["rule"] == "link-here"]
    assert [each["name"] for each in found] == ["links-1-text"]


def test_text_that_is_markup_stays_text_in_the_list(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    answer = ask(writer_client, draft, writer, lead='今年の<img src=x onerror="alert(1)">①です。')
    assert "<img" not in str(answer["html"])


@pytest.mark.parametrize("lead", ["\0", "\ud800", "①" * 3_000, "(" * 9_000])
def test_odd_text_is_answered_too(
    writer_client: Client, draft: Edition, writer: User, lead: str
) -> None:
    fields = fields_of(draft, writer) | {"lead": lead.encode("utf-8", "replace").decode()}
    response = writer_client.post(address(draft, "edition-findings"), fields)
    assert response.status_code == 200
    assert response.json()["count"]


def test_a_body_that_is_too_heavy_is_not_called_right(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    answer = ask(writer_client, draft, writer, body="<p>①</p>" * 30_000)
    assert "見つかりません" not in answer["count"]


@pytest.mark.parametrize("name", ["title", "lead", "note", "change_note"])
def test_words_that_are_too_many_are_not_called_right(
    writer_client: Client, draft: Edition, writer: User, name: str
) -> None:
    answer = ask(writer_client, draft, writer, **{name: "今年です。" * 3_000})
    assert "調べていません" in answer["count"]
    assert "文字" in answer["count"]


def test_it_costs_as_many_queries_for_much_as_for_little(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    def cost(**typed: str) -> int:
        fields = fields_of(draft, writer) | typed
        with CaptureQueriesContext(connection) as queries:
            writer_client.post(address(draft, "edition-findings"), fields)
        return len(queries)

    body = "".join(f'<p>①<a href="/x{number}/">頁{number}</a></p>' for number in range(300))
    rows = [row("links", n, text=f"頁{n}", page="/main_sosiki/") for n in range(50)]
    many = {name: value for each in rows for name, value in each.items()}
    assert cost() <= 15
    assert cost(body=body, **many, **{"links-TOTAL_FORMS": "50"}) <= 15


# Mending without a script


def test_the_server_mends_what_was_typed_and_saves_nothing(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    typed = {"lead": "㈱の会議です。", "autofix": "char-dependent ㈱の会議です。", "title": "途中"}
    html = writer_client.post(address(draft), fields_of(draft, writer) | typed).content.decode()
    assert "（株）の会議です。</textarea>" in html
    assert 'value="途中"' in html
    assert "「㈱」を「（株）」に直しました" in html
    assert Edition.objects.get(pk=draft.pk).title != "途中"
    back = {"do": "undo_autofix", "autofix_name": "lead", "autofix_before": "㈱の会議です。"}
    html = writer_client.post(
        address(draft), fields_of(draft, writer) | typed | back
    ).content.decode()
    assert "（株）の会議です。</textarea>" not in html
    assert "直す前に戻しました" in html


def test_all_faults_of_a_kind_are_mended_and_undone_together(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    sent = fields_of(draft, writer) | {
        "title": "㈱の会議",
        "lead": "①と②です。",
        "body": "<p>㈲。</p>",
    }
    html = writer_client.post(
        address(draft), sent | {"autofix_rule": "char-dependent"}
    ).content.decode()
    assert "「機種依存文字」の4か所を直しました" in html
    assert 'value="（株）の会議"' in html
    assert "（1）と（2）です。</textarea>" in html
    mended = sent | {"title": "（株）の会議", "lead": "（1）と（2）です。"}
    before = {"autofix_name": ["title", "lead"], "autofix_before": ["㈱の会議", "①と②です。"]}
    html = writer_client.post(
        address(draft), mended | before | {"do": "undo_autofix"}
    ).content.decode()
    assert 'value="㈱の会議"' in html
    assert "①と②です。</textarea>" in html


def test_what_is_not_there_any_more_is_not_mended(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    typed = {"lead": "会議です。", "autofix": "char-dependent ㈱の会議です。"}
    html = writer_client.post(address(draft), fields_of(draft, writer) | typed).content.decode()
    assert "何も変えていません" in html


# Letting stand


def test_who_lets_it_stand_and_why_is_seen_by_the_writer_and_the_approver(
    site: Site, writer_client: Client, draft: Edition, writer: User, approver: User
) -> None:
    save(writer_client, draft, writer, lead=VAGUE, change_note="見直し")
    draft.refresh_from_db()
    here = accepting(draft, "date-vague")
    assert "今秋" in writer_client.get(here).content.decode()
    html = writer_client.post(here, {"reason": "原文のまま"}, follow=True).content.decode()
    assert "そのままにした指摘（1件）" in html
    assert "鈴木：原文のまま" in text_in(html)
    assert AuditEntry.objects.filter(action=Action.ACCEPT, edition=draft, actor=writer).count() == 1
    submit(edition=draft, actor=writer)
    review = client_of(approver).get(address(draft, "edition-review")).content.decode()
    assert "校正の結果" in review
    assert "鈴木：原文のまま" in text_in(review)
    assert "edition-form" not in review


def test_without_a_reason_nothing_stands(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    save(writer_client, draft, writer, lead=VAGUE)
    draft.refresh_from_db()
    response = writer_client.post(accepting(draft, "date-vague"), {"reason": " "})
    assert response.status_code == 422
    assert "そのままにする理由を書いてください" in response.content.decode()
    assert Acceptance.objects.count() == 0


def test_a_reason_has_something_to_read(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    save(writer_client, draft, writer, lead=VAGUE)
    draft.refresh_from_db()
    here = accepting(draft, "date-vague")
    assert writer_client.post(here, {"reason": "\0\u200b"}).status_code == 422
    assert writer_client.post(here, {"reason": "原\0文"}).status_code == 302
    assert Acceptance.objects.get().reason == "原文"


def test_the_dialog_is_answered_in_json(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    save(writer_client, draft, writer, lead=VAGUE)
    draft.refresh_from_db()
    here, wanted = accepting(draft, "date-vague"), {"Accept": "application/json"}
    response = writer_client.post(here, {"reason": ""}, headers=wanted)
    assert response.status_code == 422
    assert json.loads(response.content)["sentences"] == [
        "そのままにする理由を書いてください。承認者と後の担当者が読みます。"
    ]
    assert writer_client.post(here, {"reason": "原文"}, headers=wanted).json() == {"sentences": []}


def test_what_was_not_saved_cannot_be_let_stand_yet(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    here = address(draft, "edition-accept") + "?rule=date-vague&quote=今秋"
    response = writer_client.post(here, {"reason": "原文"})
    assert response.status_code == 409
    assert "先に下書きを保存してください" in unescape(response.content.decode())


def test_an_outsider_lets_nothing_stand(draft: Edition, outsider: User) -> None:
    here = address(draft, "edition-accept") + "?rule=date-vague&quote=今秋"
    assert client_of(outsider).post(here, {"reason": "原文"}).status_code in {403, 404}
    assert Acceptance.objects.count() == 0
