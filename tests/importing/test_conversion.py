"""HTML of other sites as bodies: what is kept, what is changed, what is named as dropped."""

import json

import pytest

from bureaus.importing import conversion
from bureaus.importing.charsets import decode
from bureaus.importing.conversion import Converted, Converter
from bureaus.importing.html_pages import (
    day_of,
    hiding_styles,
    main_content,
    shared_parts,
    title_of,
)
from bureaus.importing.links import LinkMap
from bureaus.importing.markup import Tree, parse, text_of
from bureaus.text.rich_text import BodyTooHeavy
from tests.helpers.paths import ROOT

LINKS = LinkMap(
    pages={"/a/b.html": "/new/b/"},
    files=frozenset({"a/zu.png", "a/x.pdf"}),
    hosts=frozenset({"www.example.go.jp"}),
    exists_here=lambda address: address == "/here/",
)


HEAD = '<tr><th scope="col">年</th><th scope="col">数</th></tr>'
ROW = "<tr><td>1</td><td>2</td></tr>"


def converted(html: str, title: str = "題", **how: bool) -> Converted:
    root = parse(html)
    converter = Converter(LINKS, ["/a/index.html"], hiding_styles=hiding_styles(root), **how)  # type: ignore[arg-type]
    return converter.convert(main_content(root), title)


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("<h1>題</h1><h2>章</h2><h4>節</h4><p>文", "<h3>章</h3>\n<h4>節</h4>\n<p>文</p>"),
        ("<center><font size=2>文</font><hr></center>", "<p>文</p>"),
        ("<b>太</b><i>斜</i><b></b>", "<p><strong>太</strong><em>斜</em></p>"),
        (
            "<table border=1 cellpadding=2><tr><th>年<th>数<tr><td>1<td>2</table>",
            f"<table>\n<thead>\n{HEAD}\n</thead>\n<tbody>\n{ROW}\n</tbody>\n</table>",
        ),
        ("<table><tr><td><table><tr><td>甲</table><td>乙</table>", "<p>甲</p>\n<p>乙</p>"),
        ('<a href="b.html#s">b</a>', '<p><a href="/new/b/#s">b</a></p>'),
        ('<a href="http://www.example.go.jp/a/b.html">b</a>', '<p><a href="/new/b/">b</a></p>'),
        ('<a href="/here/">h</a><a href="c.html">c</a>', '<p><a href="/here/">h</a>c</p>'),
        ('<a href="https://x.example/">x</a>', '<p><a href="https://x.example/">x</a></p>'),
        ('<a href="javascript:x()">j</a><a href="file:///x">f</a>', "<p>jf</p>"),
        ('<a href="b.html"><img src="zu.png" alt="次へ"></a>', '<p><a href="/new/b/">次へ</a></p>'),
        ("<style>.x{display:none}</style><p class=x>秘密</p><p>文</p>", "<p>文</p>"),
        ("<nav>案内</nav><div id=contents><p>文</p></div><footer>下</footer>", "<p>文</p>"),
        ("<header>上</header><p>文</p><div id=gnavi>案内</div>", "<p>文</p>"),
        ("<script>x</script><iframe src=y></iframe><form>検索<input></form>", "<p>検索</p>"),
        ("<p><b><p>甲&#1;</b>&#x202E;乙&#150;&#9312;&#60;", "<p>甲乙–①&lt;</p>"),
        ("<p>\u202e文\x01</p>\r<img alt='\x0b' src=x>", "<p>文</p>"),
        ("", ""),
    ],
)
def test_html_becomes_a_body(html: str, body: str) -> None:
    assert converted(html).body == body


def test_what_is_dropped_is_counted() -> None:
    html = "<center><font>文</font><font>字</font></center><table border=1><tr><td>1<td>2</table>"
    [remark] = converted(f"{html}<iframe></iframe>").remarks
    assert remark.value == "center×1、font×2、iframe（埋め込み）×1、table border×1"


@pytest.mark.parametrize(
    ("html", "alt", "caption"),
    [
        ('<img src="zu.png" alt="庁舎">', "庁舎", ""),
        ('<img src="/a/zu.png" title="庁舎">', "庁舎", ""),
        ('<figure><img src="zu.png" alt="図"><figcaption>推移</figcaption></figure>', "図", "推移"),
    ],
)
def test_a_picture_becomes_a_figure(html: str, alt: str, caption: str) -> None:
    [picture] = converted(html).pictures
    assert (picture.file, picture.alt, picture.caption) == ("a/zu.png", alt, caption)


@pytest.mark.parametrize("href", ["/zu.png", "../zu.png", "https://www.example.go.jp/zu.png"])
def test_a_file_of_a_crawl_is_found_below_the_folder_of_its_host(href: str) -> None:
    name = "www.example.go.jp/zu.png"
    links = LinkMap({}, frozenset({name}), LINKS.hosts, folder="www.example.go.jp/")
    bases = ["/index.html", "/www.example.go.jp/index.html", "/new/b/"]
    assert links.file_at(href, bases) == links.target(href, bases).file == name


def test_the_text_of_a_link_is_read_once_for_all_its_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def counted(element: Tree) -> str:
        read.append(element.tag)
        return text_of(element)

    monkeypatch.setattr(conversion, "text_of", counted)
    images = '<img src="zu.png" alt="庁舎">' * 20
    found = converted(f'<a href="b.html">{images}</a>')
    assert found.body == '<p><a href="/new/b/">庁舎</a></p>'
    assert len(found.pictures) == 19
    assert read.count("a") == 2  # for its pictures, then for its address


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<p>文<img src="zu.png">', "代替テキスト"),
        ('<p>文<img src="nothing.png" alt="庁舎">', "ファイルがありません"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named(html: str, reason: str) -> None:
    found = converted(html)
    assert found.pictures == []
    assert reason in found.remarks[0].reason
    assert found.remarks[0].remedy


def test_html_of_word_processors_loses_what_nobody_meant_to_publish() -> None:
    """The cases of the editor, but for those that are about its own lists and links."""
    cases = json.loads((ROOT / "tests/data/office_html.json").read_text())
    same = [case["name"] for case in cases if converted(case["html"], "").body == case["body"]]
    assert len(same) >= len(cases) - 5
    assert "a page of Word's with all of it" in same


def test_a_tag_that_a_parser_takes_minutes_for_is_refused() -> None:
    with pytest.raises(BodyTooHeavy):
        parse(f"<p {' '.join(f'a{number}' for number in range(100_000))}>")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jis_2004", "iso2022_jp_2"])
@pytest.mark.parametrize("declared", ["", "UTF-8", "Shift_JIS"])
def test_the_encoding_is_found_whatever_the_page_declares(codec: str, declared: str) -> None:
    text = f'<meta charset="{declared}"><p>総務省の報道資料を、ここに掲載しています。'
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.replaced) == (text, 0)


def test_the_title_is_the_heading_or_what_the_site_does_not_repeat() -> None:
    pages = [parse(f"<title>総務省｜{name}</title><p>文") for name in ("甲", "乙", "丙")]
    shared = shared_parts([["総務省", name] for name in ("甲", "乙", "丙")])
    assert [title_of(page, page, shared) for page in pages] == ["甲", "乙", "丙"]
    page = parse("<title>総務省</title><h1>丁</h1>")
    assert title_of(page, page) == "丁"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="DC.date" content="2013-08-01">',
        '<meta property="article:published_time" content="2013-07-31T20:00:00Z">',
        '<time datetime="2013-08-01">8月1日</time>',
        '<meta name="date" content="0001-01-01T00:00:00+10:00"><time datetime="2013-08-01">',
        '<meta name="date" content="0001-01-01T00:00:00"><time datetime="2013-08-01">',
    ],
)
def test_the_date_is_that_of_the_page(head: str) -> None:
    assert str(day_of(parse(head))) == "2013-08-01"
