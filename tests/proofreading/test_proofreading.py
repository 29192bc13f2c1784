"""Proofreading a manuscript: places, fixes, the raw page of 2013, context and cost."""

import json
import re
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bureaus.models import (
    Answer,
    Contact,
    Document,
    Edition,
    Figure,
    FormerAddress,
    Image,
    Kind,
    Link,
)
from bureaus.proofreading import (
    Level,
    Manuscript,
    apply_fix,
    autofix,
    manuscript_of,
    manuscripts_of,
    proofread,
    read_text,
)
from bureaus.proofreading.passage_reader import parse
from bureaus.publishing import Blocked, add, edit, submit
from bureaus.text.rich_text import sanitise
from tests.helpers.cast import Site, approve, publish, tokyo
from tests.helpers.editing import DATA, drafted, refused
from tests.helpers.generator import grow
from tests.helpers.growth import assert_linear
from tests.helpers.paths import TEST_DATA

# The ministry's page as it was copied, with the traces of the copy: see docs/adr/0008.
SEED = (TEST_DATA / "seed.txt").read_text("utf-8")


# Places


BODIES = [
    "<p>総務省 &amp; 関係府省(課)です。</p>",
    "<h3>見出し</h3>\n<p>一つ<strong>目(注)</strong>です。<br>次の行(注)です。</p>",
    "<ul><li>項目(一)</li><li><p>項目(二)</p></li></ul>",
    '<table><caption>表(題)</caption><tr><th scope="row">頭(注)</th><td>値(注)</td></tr></table>',
    '<p>前<a href="/a&amp;b/">報告書(案)</a>後(注)</p><p></p><p>終わり(注)</p>',
    "<p><ruby>牽引<rp>(</rp><rt>けんいん(注)</rt><rp>)</rp></ruby>する力(注)</p>",
]


@pytest.mark.parametrize("html", BODIES)
def test_a_place_has_its_range_in_the_html(html: str) -> None:
    found = [each for each in proofread(Manuscript(body=html)) if each.rule == "punct-ascii"]
    assert found
    for finding in found:
        place = finding.place
        assert html[place.html_start : place.html_end] == escape(finding.words, quote=False)
        block = parse("body", "本文", html).blocks[place.block]
        assert block.text[place.block_start : place.block_end] == finding.words


def test_blocks_are_counted_as_an_editor_counts_them() -> None:
    html = "<h3>一</h3><p></p><ul><li>二</li><li></li></ul><blockquote><p>三</p></blockquote>"
    blocks = parse("body", "本文", html).blocks
    assert [(block.tag, block.text) for block in blocks] == [
        ("h3", "一"),
        ("p", ""),
        ("li", "二"),
        ("li", ""),
        ("p", "三"),
    ]


def test_no_fix_is_offered_across_tags() -> None:
    manuscript = Manuscript(body="<p>総 <strong>務</strong> 省</p>")
    [finding] = [each for each in proofread(manuscript) if each.rule == "char-split"]
    assert (finding.words, finding.fix) == ("総 務 省", None)


@given(st.text(alphabet="あ総務 <>&;/bpra\"='h3\n", max_size=80))
def test_any_body_can_be_read(text: str) -> None:
    html = sanitise(text)
    passage = parse("body", "本文", html)
    assert all(passage.text[block.start : block.end] == block.text for block in passage.blocks)
    for run in passage.runs:
        piece = html[run.html : run.html + run.html_length]
        assert len(piece) == run.html_length


def test_findings_are_plain_values_for_a_script() -> None:
    findings = proofread(read_text(SEED))
    findings_json = json.loads(json.dumps([finding.as_json() for finding in findings]))
    assert {
        "rule",
        "level",
        "sentence",
        "field",
        "start",
        "end",
        "block",
        "replacement",
    } <= findings_json[0].keys()


# Fixes


PIECES = st.lists(
    st.sampled_from(
        "日　時|総 務 省|①|㈱|ｶﾞｲﾄﾞ|２０１３年|平成25年|平成25年度|2013/5/23|H25.5.23|(開発)|(|)|,"
        "|。|、|，|．|総務省|研究|をを|推進推進|しましたしました| |  |　|\n|ICT|Ⅳ|林 健"
        "|もののように|&|<|です|はこちら|（平成25年法律第1号）|2013年|「平成25年版」|PDF|・|\u3099".split(
            "|"
        )
    ),
    max_size=12,
).map("".join)


def made(words: str) -> Manuscript:
    html = sanitise(f"<p>{escape(words)}</p><ul><li>{escape(words)}<br>次</li></ul>")
    return Manuscript(title=words, lead=words, body=html)


@given(PIECES)
def test_autofix_is_idempotent_and_complete(words: str) -> None:
    fixed = autofix(made(words))
    assert autofix(fixed) == fixed
    assert [each for each in proofread(fixed) if each.fix is not None] == []


@given(PIECES)
def test_a_fix_is_idempotent_and_removes_its_finding(words: str) -> None:
    manuscript = made(words)
    for finding in proofread(manuscript):
        if finding.fix is None:
            continue
        once = apply_fix(manuscript, finding.fix)
        assert once != manuscript
        assert apply_fix(once, finding.fix) == once
        here = (finding.rule, finding.place.field, finding.place.start, finding.words)
        assert here not in {
            (each.rule, each.place.field, each.place.start, each.words) for each in proofread(once)
        }


@given(PIECES)
def test_autofix_keeps_the_elements_of_a_body(words: str) -> None:
    tags = re.compile(r"</?[a-z0-9]+>")
    manuscript = made(words)
    assert tags.findall(autofix(manuscript).body) == tags.findall(manuscript.body)


# The raw page


def named(manuscript: Manuscript, level: Level) -> set[tuple[str, str]]:
    return {
        (finding.rule, finding.words.strip())
        for finding in proofread(manuscript)
        if finding.level is level
    }


def as_headings() -> Manuscript:
    return read_text(SEED)


def as_paragraphs() -> Manuscript:
    lines = [line for line in SEED.splitlines() if line.strip()]
    return Manuscript(body="".join(f"<p>{escape(line)}</p>" for line in lines))


@pytest.mark.parametrize("pasted", [as_headings, as_paragraphs])
def test_the_raw_page_has_its_errors_named(pasted: Callable[[], Manuscript]) -> None:
    errors = named(pasted(), Level.ERROR)
    assert errors >= {
        ("residue-mark", "【テスト】"),
        ("link-lost", "総務省ICTツイートはこちら"),
        ("link-lost", "総務省ICTツイート運用ポリシーはこちらPDF"),
        ("link-pdf", "PDF"),
        ("residue-doubled", "新藤総務大臣とモザンビーク ズクーラ運輸通信大臣との会談"),
        ("date-relative", "今年"),
        ("residue-breadcrumb", "総務省トップ > 組織案内 > 情報通信国際戦略局"),
        ("residue-page-top", "ページトップへ戻る"),
    }
    warnings = {rule for rule, _ in named(pasted(), Level.WARNING)}
    assert {"char-indent", "punct-ascii", "sentence-long", "date-office-holder"} <= warnings
    assert not any("モザンビーク" in words for rule, words in named(pasted(), Level.WARNING))


def test_what_may_be_a_heading_is_a_notice() -> None:
    assert named(as_paragraphs(), Level.NOTICE) >= {
        ("heading-lost", "新着情報"),
        ("heading-lost", "情報通信に関するポータルサイト"),
    }


def test_a_plain_text_has_no_sections_of_which_one_could_be_empty() -> None:
    """Its headings are guessed, so none of them may block submission."""
    for text in (SEED, "案内\n日時\n場所\n対象\n\n市民の方です。\n定員\n"):
        found = proofread(read_text(text))
        assert [each.words for each in found if each.rule == "section-empty"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("pasted", [as_headings, as_paragraphs])
def test_the_raw_page_is_refused(
    site: Site, writer: User, pasted: Callable[[], Manuscript]
) -> None:
    draft = drafted(site.bureau, writer, body=pasted().body)
    with pytest.raises(Blocked) as caught:
        submit(edition=draft, actor=writer)
    sentences = str(caught.value)
    for words in (
        "【テスト】",
        "総務省ICTツイートはこちら",
        "文字の「PDF」",
        "ズクーラ運輸通信大臣との会談」が2度",
        "「今年」がいつのことか",
    ):
        assert words in sentences


@pytest.mark.django_db
def test_every_blocker_holds_its_remedy(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, body=as_headings().body)
    with pytest.raises(Blocked) as caught:
        submit(edition=draft, actor=writer)
    assert all(
        blocker.sentence.endswith("。") and "ください" in blocker.sentence
        for blocker in caught.value.blockers
    ), refused(caught)


# Context


def edition_with(site: Site, html: str) -> Edition:
    return approve(site.bureau, "情報通信国際戦略局", live_from=tokyo(2014), body=html)


@pytest.mark.django_db
def test_broken_addresses_are_found(site: Site) -> None:
    FormerAddress.objects.create(url_path="/kyu/", page=site.bureau)
    paper = Document.objects.create(file="documents/a.pdf", title="報告書", byte_size=1)
    guide = Edition.objects.get(page=site.guide)
    Link.objects.bulk_create([Link(edition=guide, text="報告書", document=paper)])
    gone = publish(site.root, "sakujo", "終わったページ")
    approve(gone, "終わったページ", live_from=tokyo(2014), answer=Answer.GONE)
    live = ["/main_sosiki/", "/main_sosiki/index.html", "/kyu/", "/documents/a.pdf", "/news/"]
    live += ["/main_sosiki/joho_kokusai/feed.xml", "/search/?q=ICT", "#h1", "/main_sosiki/#h1"]
    dead = ["/nashi/", "/documents/b.pdf", "/sakujo/"]
    html = "".join(f'<p><a href="{address}">{address}</a></p>' for address in (*live, *dead))
    assert manuscript_of(edition_with(site, html)).broken_addresses == frozenset(dead)


@pytest.mark.django_db
def test_an_address_of_a_gone_page_is_broken(site: Site) -> None:
    gone = publish(site.root, "sakujo", "終わったページ")
    approve(gone, "終わったページ", live_from=tokyo(2014), answer=Answer.GONE)
    edition = Edition.objects.get(page=site.guide)
    parts: Any = {Link: [Link(text="終わったページ", page=gone)], Figure: [], Contact: []}
    findings = proofread(manuscript_of(edition, parts))
    assert [(finding.rule, finding.place.field) for finding in findings] == [
        ("link-dead", "links-1-text")
    ]


@pytest.mark.django_db
def test_a_title_is_compared_with_siblings_only(site: Site, writer: User) -> None:
    publish(site.guide, "kaigi", "検討会")
    beside = publish(site.guide, "kaigi2", "検討会")
    elsewhere = publish(site.root, "kaigi", "検討会")
    alone = publish(site.root, "kaigi3", "懇談会")
    findings_json = [
        manuscript_of(Edition.objects.select_related("page").get(page=page)).sibling_titles
        for page in (beside, elsewhere, alone, site.root)
    ]
    assert findings_json == [{"検討会"}, set(), set(), set()]


@pytest.mark.django_db
def test_of_a_gone_page_only_the_public_fields_are_read(site: Site) -> None:
    body = "<p>【テスト】</p>"
    ended = approve(site.guide, "終了", live_from=tokyo(2014), answer=Answer.GONE, body=body)
    assert proofread(manuscript_of(ended)) == []


# Cost


@pytest.mark.django_db
def test_an_edition_is_read_with_two_queries_and_a_hundred_are_too(db: None) -> None:
    grow(150)
    picture = Image.objects.get()
    editions = list(
        Edition.objects.with_page().order_by("page__placements__depth", "page__placements__path")
    )
    Figure.objects.bulk_create(
        [Figure(edition=each, position=9, image=picture, alt="図") for each in editions[:100]]
    )
    linking = '<p><a href="/main_sosiki/">組織案内</a></p>'
    for edition in editions:
        edition.body += linking
    for some in (editions[50:51], editions[:100]):
        with CaptureQueriesContext(connection) as queries:
            read = manuscripts_of(some)
        assert len(read) == len(some)
        assert len(queries) == 2


@pytest.mark.parametrize(
    "hostile",
    "( こちら 総　 2013/ &amp; 平成1年 、 A （ ア www. ゙ ・ あ。 〇 ました 推進 をを a.b@"
    " 近年 今年 平成1年「平成2年」 新藤総務大臣 は、はこちら。 1月1日 （仮 ((総"
    " 2013年（平成24年） PDF(PDF)".split(" "),
)
def test_no_text_takes_long(hostile: str) -> None:
    def read(size: int) -> None:
        words = hostile * (size // len(hostile))
        proofread(Manuscript(title=words[:200], lead=words, body=f"<p>{words}</p>"))

    assert_linear(read, 20_000)


def test_a_text_of_nothing_but_acronyms_is_read_soon() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    words = [a + b + c for a in letters for b in letters for c in letters[:9]]
    assert_linear(lambda size: proofread(Manuscript(lead="、".join(words[:size]))), len(words))


@pytest.mark.django_db
def test_a_typed_form_is_read_before_it_is_saved(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    draft = Edition.objects.select_related("page").get(page=page)
    draft.lead = "【テスト】"
    parts: Any = {Link: [Link(text="こちら", url="https://a.go.jp/")], Figure: [], Contact: []}
    with CaptureQueriesContext(connection) as queries:
        found = proofread(manuscript_of(draft, parts))
    assert {finding.rule for finding in found} == {"residue-mark", "link-here"}
    assert len(queries) <= 2


@pytest.mark.django_db
def test_a_draft_with_errors_is_saved_and_not_submitted(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    changes = {**DATA, "lead": "【仮】の要旨"}
    draft = edit(edition=draft, actor=writer, changes=changes, revision=draft.revision)
    with pytest.raises(Blocked) as caught:
        submit(edition=draft, actor=writer)
    assert refused(caught) == {"residue-mark"}
