"""The range of each rule: variants of its example, and lookalikes."""

from dataclasses import replace
from datetime import date

import pytest

from bureaus.proofreading import RULES, Level, Manuscript, autofix
from tests.helpers.rule_examples import body, link, paragraph, picture
from tests.proofreading.test_rules import found_by


def test_a_fault_of_full_width_is_the_same_fault() -> None:
    """Otherwise an error could be hidden behind a warning."""
    for name, wrong in (
        ("date-weekday", "２０１３年５月２３日（金）"),
        ("date-era-wrong", "２０１３年（平成２４年）"),
        ("date-impossible", "２月３０日"),
        ("residue-words", "ＴＯＤＯ"),
        ("residue-mark", "【ＴＥＳＴ】"),
        ("word-acronym", "ＡＰＥＣの会議"),
    ):
        assert found_by(name, paragraph(wrong)) != [], name
    assert found_by("link-pdf", link("報告書ＰＤＦ")) == ["ＰＤＦ"]
    assert found_by("date-era-only", paragraph("２０１３年です。平成25年です。")) == []


@pytest.mark.parametrize("name", ["heading-lost", "residue-circles"])
def test_real_texts_do_not_block_submission(name: str) -> None:
    """A list without marks looks like headings, and 「○○町」 stands for any town."""
    assert RULES[name].level is not Level.ERROR


LINKS: list[tuple[str, str, str]] = [
    (
        "link-here",
        "こちらのページ|ここをクリックしてください|下記|詳細情報|このサイト|PDF|（PDF）|※|・",
        "ここから始める統計|この地域の統計|次へ|お問合せ先|詳細設計書",
    ),
    ("link-here-phrase", "申込みはこちら", "ここから始める統計|あちらこちらの話|クリックポスト"),
    (
        "link-pdf",
        "報告書PDF|報告書 pdf|報告書：PDF|報告書.pdf|手引きPDF",
        "タグ付きPDF|読みやすいPDF|会議のPDF|Word・PDF|PDF",
    ),
    ("link-address", "www.soumu.go.jp|example.com/path/", "総務省（MIC）|No.1"),
]


@pytest.mark.parametrize(("name", "wrong", "right"), LINKS)
def test_words_of_links(name: str, wrong: str, right: str) -> None:
    assert [words for words in wrong.split("|") if not found_by(name, link(words))] == []
    assert [words for words in right.split("|") if found_by(name, link(words))] == []


WORDS: list[tuple[str, str, str]] = [
    ("char-dependent", "ⓐ|①\ufe0f|㎢|㉈", "a|（1）"),
    ("char-split", "お 知 ら せ|総 務 省", "月 水 金|東 西 南 北|一 二 三|ア イ ウ|山田 太郎"),
    ("char-indent", "\u2003総務省|　総務省", "\n  総務省|総務省"),
    (
        "punct-ascii",
        "期限:5月|目的: 研究|です. 次|ICT,技術|1回,3人|研究（開発)|(光（波長）)",
        "10:30から|1:3以上|1,000円|一覧.pdf|2.5倍",
    ),
    ("punct-mixed", "研究，開発、標準化。", "第１．概要です。|１．概要です。|３．５倍です。"),
    (
        "date-short-form",
        "5/23（木）|平25.5.23|平成25.5.23|令5.4.1|H25年度",
        "5/8以上|24/7|H2O|平均2.5.1",
    ),
    (
        "date-era-wrong",
        "2013（平成24）年|平成24（2013）年|平成25年(2014年)",
        "2013（平成25）年|平成25（2013）年",
    ),
    (
        "date-era-only",
        "昭和50年代|平成25年産|令和6年成人式",
        "平成25年（2013）|平成25年版情報通信白書|令和8年熊本地震|平成26年8月豪雨|令和7年国勢調査",
    ),
    (
        "date-era-impossible",
        (
            "昭和65年|平成32年（2020年）|平成３３年度|平成31年5月1日|昭和64年1月8日|平成元年1月7日"
            "|令和元年4月|大正16年|平成40年代"
        ),
        (
            "平成32年度（令和2年度）|令和2年度（平成32年度）|「平成32年度の目標」|平成31年4月30日"
            "|令和元年5月|令和元年度|明治45年7月30日|大正15年12月25日"
        ),
    ),
    (
        "date-weekday",
        "2013年5月23日金曜日|2013年5月23日［金］|平成25（2013）年5月23日（金）|令和元年5月1日（木）",
        "2013年5月23日木曜日|平成元年1月8日（日）|2013年5月23日から30日以内（土）|令和6年2月29日（木）",
    ),
    (
        "date-weekday",
        "2013（平成25）年5月23日（金）|2013年5月23日（木）、24日（金）、25日（日）",
        "2013年5月23日（木）、24日（金）|2013年5月23日（木）から3日（水）",
    ),
    ("date-impossible", "令和5年2月29日|13月1日|6月31日", "明治5年2月30日|令和6年2月29日"),
    (
        "date-relative",
        "今年の会合です。|来月に開きます。|昨年度の件数です。",
        "例えば今年の証明書です。|本年の所得が前年より減った方です。|翌年度分はなく、本年度分だけです。",
    ),
    (
        "date-vague",
        "今秋の会議です。|来春に開きます。|開催予定|ことしの会議です。|実施を予定し、",
        "開催予定日を示します。|今後の予定|本来春に行う行事です。|7月開催予定",
    ),
    (
        "date-office-holder",
        "新藤義孝総務大臣が|河野デジタル大臣が",
        "関係府省総務大臣|総務大臣 表彰|総務大臣 談話|各国総務大臣|前総務大臣",
    ),
    (
        "word-acronym",
        "APECの会議です。</p><p>APEC（アジア太平洋経済協力）です。",
        "アジア太平洋経済協力（APEC）です。</p><p>APECの会議です。",
    ),
    (
        "word-doubled",
        "についてについて|研究はは進む|開催を開催を|しましたしました|総務省もも、|こととと存じます",
        (
            "子どもも参加|ますます|母は花が好き|それぞれ|ものものしい|省ははじめて"
            "|お元気のことと存じます|グニャグニャの紙|のどがからからに乾く|地区計画の計画の内容"
        ),
    ),
    (
        "residue-mark",
        "【Test】|［仮］|【要確認】",
        "仮想|仮名|仮定|仮設住宅|仮に|（仮称）|仮訳|【仮想空間】",
    ),
    ("residue-tentative", "（要修正）|差し替え予定です|※差し替え", "※差し替え版|差し替えました"),
    (
        "residue-circles",
        "○年○月○日|○月○日|令和〇年|XX年|●月●日",
        "二〇〇八年|○印|令和二〇年|該当する欄に○を付けます。|様式の「○月○日」",
    ),
    (
        "residue-words",
        "LOREM IPSUM|Todo: 書く|仮タイトル|文章が入ります。",
        "ToDoリスト|後で直すことができます。|後で差し替えることができます。|主要差替部品|ダミー変数",
    ),
    (
        "residue-breadcrumb",
        "現在位置：ホーム / 組織|ホーム &gt; 組織",
        "現在地：東京/大阪|A &gt; B",
    ),
    (
        "residue-page-top",
        "▲トップ|先頭へ戻る|Page Top|[ページトップへ]|ページの先頭へ戻る。|ページTOPへ",
        "トップページ|上|前のページへ戻る|ページトップへ戻るリンクを使います。",
    ),
]


@pytest.mark.parametrize(("name", "wrong", "right"), WORDS)
def test_words_of_paragraphs(name: str, wrong: str, right: str) -> None:
    assert [words for words in wrong.split("|") if not found_by(name, paragraph(words))] == []
    assert [words for words in right.split("|") if found_by(name, paragraph(words))] == []


# A text, the day on which it was issued, and whether its day of the week is wrong.
DAYS: list[tuple[str, date | None, bool]] = [
    ("10月3日（火）に開きます。", date(2013, 9, 11), True),
    ("10月3日（木）に開きます。", date(2013, 9, 11), False),
    ("1月10日（金）に開きます。", date(2013, 12, 20), False),
    ("12月1日（日）に開きます。", date(2013, 3, 1), False),
    ("6月14日（金）に開きました。", date(2025, 2, 1), False),
    ("33歳以下の方（2021年4月1日現在）。締切は5月11日（月）です。", date(2020, 5, 1), False),
    ("2012年の会合は、10月3日（水）でした。", date(2013, 9, 11), False),
    ("昨年10月3日（水）に開きました。", date(2013, 9, 11), False),
    ("本年の10月3日（水）に開きます。", date(2013, 9, 11), True),
    ("10月3日（火）に開きます。", None, False),
    ("平成25年の会合です。10月3日（火）に開きます。", None, True),
    ("平成25年の会合です。</p><p>10月3日（火）に開きます。", None, True),
    ("平成25年の会合です。</p><p>終わりました。</p><p>10月3日（火）に開きます。", None, False),
    ("2012年の会合の後、2013年の会合を10月3日（火）に開きます。", None, True),
    ("平成25年度は、1月10日（金）に開きます。", None, False),
    ("平成25年度は、1月10日（木）に開きます。", None, True),
    ("今年度は、1月10日（木）に開きます。", None, False),
    ("2013年の会合です。翌年1月10日（金）に報告します。", None, False),
    ("2013年の会合です。同年10月3日（火）に報告します。", None, True),
    ("2019年に卒業した人が、7月25日（火）に話します。", None, False),
    ("（2021年4月1日現在）締切は5月11日（月）です。", None, False),
    ("「2012年の記録」を、10月3日（木）に公表します。", None, False),
    ("2025-2026年の冬は、12月19日（金）に始まります。", None, False),
    ("2019年の会合以来です。6月5日（日）に開きます。", None, False),
    ("令和5年12月26日（月）から27日（水）までです。", date(2023, 11, 1), True),
]


@pytest.mark.parametrize(("text", "issued_on", "is_wrong"), DAYS)
def test_a_day_of_the_week_is_judged_where_the_year_is_known(
    text: str, issued_on: date | None, *, is_wrong: bool
) -> None:
    manuscript = replace(paragraph(text), issued_on=issued_on)
    assert bool(found_by("date-weekday", manuscript)) is is_wrong


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("平成32年度", "（平成は31年4月30日までです）。令和2年度に当たります。"),
        ("昭和65年", "（昭和は64年1月7日までです）。平成2年に当たります。"),
        ("平成31年5月", "（平成は31年4月30日までです）。令和元年5月に当たります。"),
        ("令和元年4月1日", "（令和は元年5月1日からです）。平成31年4月1日に当たります。"),
    ],
)
def test_a_year_that_its_era_never_had_is_named_and_not_confirmed(wrong: str, right: str) -> None:
    """A western year in brackets would make it look right."""
    manuscript = paragraph(f"{wrong}の計画です。")
    [finding] = RULES["date-era-impossible"](manuscript)
    assert finding.level is Level.ERROR
    assert finding.sentence == f"「{wrong}」はありません{right}"
    assert autofix(manuscript) == manuscript


def test_a_year_in_the_future_of_its_text_is_no_finding() -> None:
    """平成32年度 in a news item of 2013 was right when it was issued."""
    plan = replace(paragraph("平成32年度までの計画です。"), issued_on=date(2013, 9, 11))
    assert found_by("date-era-impossible", plan) == []
    assert found_by("date-era-impossible", replace(plan, issued_on=date(2020, 9, 11))) != []


@pytest.mark.parametrize("short", ["H32.4.1", "H32年度", "S65.1.1"])
def test_no_short_form_is_spelt_out_to_a_year_that_never_was(short: str) -> None:
    assert autofix(paragraph(short)) == paragraph(short)


def test_a_title_states_the_year_of_what_is_below_it() -> None:
    text = paragraph("あらましです。</p><p>10月3日（火）に開きます。")
    assert found_by("date-weekday", text) == []
    titled = replace(text, title="2013年の会合")
    [finding] = RULES["date-weekday"](titled)
    assert "（2013年のこの日は木曜日です）" in finding.sentence


BODIES: list[tuple[str, str, str]] = [
    (
        "heading-bold",
        (
            "<p> <strong>概要</strong></p>|<p><strong>概</strong><strong>要</strong></p>"
            "|<p><strong>概要</strong>：</p>|<p><strong>概要</strong><br>本文です。</p>"
        ),
        (
            "<p><strong>締切は6月です</strong></p>|<p><strong>ご注意ください</strong></p>"
            "|<ul><li><p><strong>概要</strong></p></li></ul>"
            '|<p><strong><a href="/a/">概要</a></strong></p>'
        ),
    ),
    (
        "table-caption",
        '<table><caption> </caption><tr><th scope="col">年</th></tr></table>',
        '<table><caption>年表</caption><tr><th scope="col">年</th></tr></table>',
    ),
    (
        "layout-breaks",
        "<p><br>本文です。</p>",
        "<p>本文です。<br></p>|<table><tr><td><br></td></tr></table>",
    ),
    ("layout-spaces", "<p>氏名　　住所</p>", "<p>氏名\t\t住所</p>|<p>氏名  住所</p>"),
    (
        "list-typed",
        "<p>･光</p><p>･脳</p>|<p>➢光</p><p>➢脳</p>|<p>- 光</p><p>- 脳</p>",
        "<p>-5度</p><p>-3度</p>|<p>○印は1つ</p><p>○印は2つ</p>",
    ),
    (
        "link-empty",
        '<p>報告書<a href="/a/">\u2003</a></p>',
        '<p><a href="/a/">報告書</a></p>',
    ),
]


@pytest.mark.parametrize(("name", "wrong", "right"), BODIES)
def test_elements_of_bodies(name: str, wrong: str, right: str) -> None:
    assert [html for html in wrong.split("|") if not found_by(name, body(html))] == []
    assert [html for html in right.split("|") if found_by(name, body(html))] == []


@pytest.mark.parametrize("alt", "グラフ 図表1 第1図 無題 写真その1 スクリーンショット_2013".split())
def test_alternative_texts_that_say_nothing(alt: str) -> None:
    assert found_by("picture-alt-nothing", picture(alt)) == [alt]


def test_a_full_stop_makes_no_other_alternative_text() -> None:
    assert found_by("picture-alt-caption", picture("大臣の会談。", "大臣の会談")) != []


def test_this_year_in_an_answer_to_a_question_is_no_finding() -> None:
    for title in (
        "今年退職しましたが、届出は必要ですか。",
        "去年の証明書を取得したい",
        "本日は実施しますか？",
    ):
        assert (
            found_by("date-relative", replace(paragraph("今年の証明書です。"), title=title)) == []
        )


def test_a_title_and_a_caption_are_anchored_by_the_year_of_the_text_beside_them() -> None:
    for field in ("title", "caption"):
        manuscript = {
            "title": Manuscript(title="今年の会議"),
            "caption": picture("箱", "今年の会議"),
        }
        assert found_by("date-relative", manuscript[field]) == ["今年"]
        assert (
            found_by("date-relative", replace(manuscript[field], body="<p>2013年です。</p>")) == []
        )


def test_commas_are_of_one_sort_in_the_whole_page() -> None:
    mixed = Manuscript(title="研究，開発", lead="研究、開発です。")
    assert found_by("punct-mixed", mixed) == ["，"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("平成25年（2013）", "平成25年（2013）"),
        ("昭和50年代", "昭和50年代"),
        ("月 水 金", "月 水 金"),
        ("第１．概要です。", "第1．概要です。"),
        ("①\ufe0f", "（1）"),
        ("5/23（木）", "5月23日（木）"),
        ("平25.5.23です。2013年", "平成25年5月23日です。2013年"),
        ("研究（開発)です", "研究（開発）です"),
        ("お 知 ら せ", "お知らせ"),
    ],
)
def test_a_fix_gives_the_right_text(wrong: str, right: str) -> None:
    assert autofix(Manuscript(lead=wrong)).lead == right


@pytest.mark.parametrize(
    "words",
    (
        "原則は、次のとおりです。I．「原則」II．「方針」|総務省です。．．．|総務省．．．です。|内線．1234です。"
        "|次のとおりです。ア．届出イ．申請|次のとおりです。第一．届出|1，届出です、2，申請です。"
        "|ア.届出|一.届出|グニャグニャの紙|スワンスワン相談|令和8年熊本地震による災害|令和6年成人式"
        "|令和8年 二十歳を祝う会|令和3年8月号|「2013-05-23」の形|のどがからからです"
        "|地区計画の計画の内容"
        "|（1)届出 2)申請）|宮城県 と畜検査"
    ).split("|"),
)
def test_no_fix_is_offered_that_would_damage(words: str) -> None:
    assert autofix(Manuscript(lead=words)).lead == words


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("内線．１２３４です。", "内線．1234です。"),
        ("２．ＪＲ立花駅です。", "2．JR立花駅です。"),
        ("１．４０歳以上です。", "1．40歳以上です。"),
        ("幅は１．８メートルです。", "幅は1.8メートルです。"),
        ("ＰＭ２．５です。", "PM2.5です。"),
        ("２，３人です。", "2，3人です。"),
        ("１，０００円です。", "1,000円です。"),
        ("（③）届出", "（3）届出"),
    ],
)
def test_signs_between_numbers_stay_what_they_mean(wide: str, narrow: str) -> None:
    assert autofix(Manuscript(lead=wide)).lead == narrow


def test_no_year_is_added_where_two_disagree() -> None:
    for lead in ("平成24年（2013年）", "2013年（平成24年）"):
        assert autofix(Manuscript(lead=lead)).lead == lead
