"""Accepting a finding: what may stay, where it stays, and what is recorded of it."""

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureaus.models import Acceptance, Action, AuditEntry, Edition
from bureaus.proofreading import Finding, Level, read_text
from bureaus.publishing import (
    Blocked,
    accept_finding,
    approve,
    edit,
    findings_report,
    start_draft,
    submit,
)
from bureaus.publishing.findings import cache_reports
from tests.helpers import cast
from tests.helpers.cast import Site
from tests.helpers.editing import DATA, codes, drafted, refused
from tests.helpers.fixtures import dump, empty_the_site, items_of, load, load_items, refusal_of
from tests.helpers.generator import grow
from tests.helpers.growth import assert_linear

pytestmark = pytest.mark.django_db
VAGUE = "今秋、会合を開きます。"
RELATIVE = "特に、今年は40周年に当たります。"


def only(edition: Edition, rule: str) -> Finding:
    [found] = [each for each in findings_report(edition).findings if each.rule == rule]
    return found


def accepted(edition: Edition, rule: str, actor: User | None) -> Acceptance:
    finding = only(edition, rule)
    return accept_finding(
        edition=edition, rule=rule, quote=finding.quote, reason="原文のまま", actor=actor
    )


def test_an_accepted_warning_is_no_longer_open_and_has_an_actor_and_a_reason(
    site: Site, writer: User
) -> None:
    draft = drafted(site.bureau, writer, lead=VAGUE)
    made = accepted(draft, "date-vague", writer)
    assert findings_report(Edition.objects.select_related("page").get(pk=draft.pk)).open() == []
    assert (made.actor_name, made.reason) == ("鈴木", "原文のまま")
    event = AuditEntry.objects.get(action=Action.ACCEPT)
    assert (event.actor, event.note, event.edition) == (writer, "原文のまま", draft)
    assert event.details == {"rule": "date-vague", "quote": made.quote}


def test_it_stays_accepted_in_the_next_edition_with_the_same_words(
    site: Site, writer: User, approver: User
) -> None:
    draft = drafted(site.bureau, writer, lead=VAGUE)
    accepted(draft, "date-vague", writer)
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    following = start_draft(page=site.bureau, actor=writer)
    assert findings_report(following).open() == []
    other = {**DATA, "lead": f"通信の分野では、{VAGUE}"}
    changed = edit(edition=following, actor=writer, changes=other, revision=following.revision)
    assert [finding.rule for finding in findings_report(changed).open()] == ["date-vague"]


def test_it_stays_accepted_when_something_else_on_the_page_changes(
    site: Site, writer: User
) -> None:
    lead = "第１回と第２回の会議です。場所は、まだ決まっていませんので、後でお知らせします。"
    draft = drafted(site.bureau, writer, lead=lead, body="<p>①の図</p>")
    accepted(draft, "char-full-width", writer)
    accepted(draft, "char-dependent", writer)
    other = {"lead": lead.replace("お知らせ", "公表"), "body": "<p>前の段落</p><p>①の図</p>"}
    changed = edit(edition=draft, actor=writer, changes=DATA | other, revision=draft.revision)
    assert findings_report(changed).open() == []


def test_a_long_sentence_is_accepted_to_its_end(site: Site, writer: User) -> None:
    long = f"{'総務省は、この分野の政策を進め、' * 9}公表します。"
    draft = drafted(site.bureau, writer, lead=long)
    assert len(accepted(draft, "sentence-long", writer).quote) <= 140
    assert findings_report(Edition.objects.select_related("page").get(pk=draft.pk)).open() == []
    other = {**DATA, "lead": long.replace("公表します", "公表しません")}
    changed = edit(edition=draft, actor=writer, changes=other, revision=draft.revision)
    assert [finding.rule for finding in findings_report(changed).open()] == ["sentence-long"]


def test_the_same_text_on_another_page_is_not_accepted(site: Site, writer: User) -> None:
    accepted(drafted(site.bureau, writer, lead=VAGUE), "date-vague", writer)
    beside = drafted(site.sections[0], writer, lead=VAGUE)
    assert [finding.rule for finding in findings_report(beside).open()] == ["date-vague"]


def test_an_error_in_what_one_writes_is_not_accepted(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, lead=RELATIVE)
    with pytest.raises(Blocked) as caught:
        accepted(draft, "date-relative", writer)
    assert refused(caught) == {"error"}
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {"date-relative"}


def test_an_error_of_a_text_that_was_loaded_is_accepted_and_its_drafts_can_be_submitted(
    site: Site, writer: User, approver: User
) -> None:
    cast.approve(site.bureau, "局", live_from=cast.tokyo(2014), lead=RELATIVE)  # as loaddata does
    draft = start_draft(page=site.bureau, actor=writer)
    changes = {"body": "<p>新しい本文です。</p>", "change_note": "本文を足しました。"}
    draft = edit(edition=draft, actor=writer, changes=changes, revision=draft.revision)
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {"date-relative"}
    accepted(draft, "date-relative", approver)
    submit(edition=draft, actor=writer)


def test_an_error_that_somebody_has_added_to_a_loaded_text_is_not_accepted(
    site: Site, writer: User
) -> None:
    cast.approve(site.bureau, "局", live_from=cast.tokyo(2014), lead=RELATIVE)
    draft = start_draft(page=site.bureau, actor=writer)
    changes = {"note": "【仮】のお知らせ"}
    draft = edit(edition=draft, actor=writer, changes=changes, revision=draft.revision)
    with pytest.raises(Blocked) as caught:
        accepted(draft, "residue-mark", writer)
    assert refused(caught) == {"error"}


@pytest.mark.parametrize("mark", ["【非公開】", "［取扱注意］", "【部外秘】", "（案の段階）"])
def test_a_mark_of_secrecy_blocks_submission_until_it_is_accepted_with_a_reason(
    site: Site, writer: User, mark: str
) -> None:
    draft = drafted(site.bureau, writer, lead=f"{mark}と書いた文書の扱いを定めました。")
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {"residue-secret"}
    accepted(draft, "residue-secret", writer)
    submit(edition=draft, actor=writer)


def test_what_is_not_there_has_no_reason_or_is_accepted_already_is_refused(
    site: Site, writer: User
) -> None:
    draft = drafted(site.bureau, writer, lead=VAGUE)
    accepted(draft, "date-vague", writer)
    finding = only(draft, "date-vague")
    subject = {"edition": draft, "rule": "date-vague", "quote": finding.quote}
    again = Edition.objects.select_related("page").get(pk=draft.pk)
    output = codes(Action.ACCEPT, **{**subject, "edition": again}, reason=" ", actor=writer)
    assert output == {"already", "reason"}
    other = {**subject, "quote": "ほかの文字"}
    assert codes(Action.ACCEPT, **other, reason="原文", actor=writer) == {"no_finding"}
    assert codes(Action.ACCEPT, **subject, reason="長" * 301, actor=writer) >= {"reason"}


def test_errors_stop_an_approval_and_an_urgent_one_too(
    site: Site, writer: User, approver: User
) -> None:
    draft = drafted(site.bureau, writer, body="<h3></h3><p>本文です。</p>")
    assert "heading-empty" in codes(Action.APPROVE, editions=[draft], actor=approver)
    urgent = codes(Action.APPROVE_URGENTLY, edition=draft, reason="災害", actor=approver)
    assert urgent == {"heading-empty"}


def test_warnings_stop_nothing(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, lead=f"  {VAGUE}①㈱")
    assert {finding.level for finding in findings_report(draft).open()} == {Level.WARNING}
    submit(edition=draft, actor=writer)


def test_the_blockers_of_several_actions_proofread_a_draft_once(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, lead=VAGUE)
    assert findings_report(draft) is findings_report(draft)
    draft.lead = RELATIVE
    assert [finding.rule for finding in findings_report(draft).open()] == ["date-relative"]


def test_a_release_is_read_as_a_whole(site: Site, writer: User) -> None:
    editions = [drafted(page, writer, lead=VAGUE) for page in (site.bureau, *site.sections)]
    with CaptureQueriesContext(connection) as queries:
        cache_reports(editions)
        output = [finding.rule for each in editions for finding in findings_report(each).findings]
    assert output == ["date-vague"] * 3
    assert len(queries) <= 6


# Loading and dumping


@pytest.mark.usefixtures("media")
def test_acceptances_are_carried_by_a_dump(tmp_path: Path) -> None:
    load()
    names = ("--natural-primary", "--natural-foreign")
    dumped, count = dump(*names), Acceptance.objects.count()
    empty_the_site()
    (tmp_path / "dump.json").write_text(dumped)
    load(str(tmp_path / "dump.json"))
    assert Acceptance.objects.count() == count > 30
    assert dump(*names) == dumped


@pytest.mark.usefixtures("media")
def test_the_samples_acceptances_say_who_and_why() -> None:
    load()
    assert {each.actor_name for each in Acceptance.objects.all()} == {"運用の担当者"}
    kept = Acceptance.objects.filter(page__key__in=["/main_sosiki/joho_kokusai/"])
    assert all(each.reason.startswith("原文のまま") for each in kept)
    errors = Acceptance.objects.filter(rule__in=["residue-mark", "date-relative"])
    assert errors.count() == 2


@pytest.mark.usefixtures("media")
def test_one_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    items = items_of()
    items.append(next(item for item in items if item["model"] == "bureaus.acceptance"))
    assert "重複しています" in refusal_of(lambda: load_items(tmp_path, items))


# The command


def test_a_hundred_editions_cost_as_many_queries_as_ten(db: None) -> None:
    costs = []
    for size in (20, 90):
        empty_the_site()
        grow(size)
        with CaptureQueriesContext(connection) as queries:
            proofread()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9


def proofread(*options: str) -> tuple[str, int]:
    output = io.StringIO()
    try:
        call_command("proofread", *options, stdout=output, stderr=io.StringIO())
    except SystemExit as ended:
        return output.getvalue(), int(str(ended.code))
    return output.getvalue(), 0


def test_the_site_is_proofread_and_errors_are_listed(site: Site, writer: User) -> None:
    assert proofread() == ("7件の文章を調べました。誤り0件、注意0件、了承済み0件です。\n", 0)
    drafted(site.bureau, writer, lead=f"【テスト】{VAGUE}")
    output, status = proofread()
    assert status == 1
    assert "/main_sosiki/joho_kokusai/ 第2版\n  誤り  residue-mark" in output
    assert output.endswith("8件の文章を調べました。誤り1件、注意1件、了承済み0件です。\n")


def test_only_a_branch_can_be_proofread(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, lead="【テスト】")
    assert proofread("--branch", site.sections[0].url_path)[1] == 0
    assert proofread("--branch", site.bureau.url_path)[1] == 1
    assert proofread("--branch", "/")[1] == 1


def test_accepted_findings_are_counted_and_not_listed(site: Site, writer: User) -> None:
    accepted(drafted(site.bureau, writer, lead=VAGUE), "date-vague", writer)
    assert proofread()[0] == "8件の文章を調べました。誤り0件、注意0件、了承済み1件です。\n"


def test_a_text_is_proofread_before_it_is_a_page(tmp_path: Path) -> None:
    file = tmp_path / "原稿.txt"
    file.write_text("会議の開催\n\n総務省では、会議を開きました。\n", "utf-8")
    assert proofread("--text", str(file))[1] == 0
    file.write_text("会議の開催\n\n会議の資料の一覧はこちらPDF\n", "utf-8")
    output, status = proofread("--text", str(file), "--json")
    report = json.loads(output)
    assert status == 1
    assert report["totals"] == {"texts": 1, "error": 2, "warning": 0, "notice": 0, "accepted": 0}
    rules = {finding["rule"] for finding in report["texts"][0]["findings"]}
    assert rules == {"link-lost", "link-pdf"}


def test_a_text_may_begin_with_the_mark_that_windows_writes(tmp_path: Path) -> None:
    file = tmp_path / "原稿.txt"
    file.write_text("①の開催\n\n会議を開きました。\n", "utf-8-sig")
    [text] = json.loads(proofread("--text", str(file), "--json")[0])["texts"]
    assert [(each["field"], each["start"]) for each in text["findings"]] == [("title", 0)]


def test_the_name_of_no_file_is_not_the_whole_site(db: None) -> None:
    assert "読めません" in refusal_of(lambda: call_command("proofread", "--text", ""))


def test_a_text_of_many_like_lines_is_read_soon() -> None:
    assert_linear(lambda size: read_text("概要の説明\n" * size), 30_000)


@pytest.mark.parametrize("options", [("--text", "nashi.txt"), ("--branch", "/nashi/")])
def test_what_cannot_be_read_is_said_in_words(db: None, options: tuple[str, str]) -> None:
    sentence = refusal_of(lambda: call_command("proofread", *options))
    assert options[1] in sentence
    assert sentence.endswith("ください。")


def test_a_text_that_is_not_utf8_is_refused(db: None, tmp_path: Path) -> None:
    file = tmp_path / "sjis.txt"
    file.write_bytes("総務省".encode("shift_jis"))
    sentence = refusal_of(lambda: call_command("proofread", "--text", str(file)))
    assert "UTF-8" in sentence
