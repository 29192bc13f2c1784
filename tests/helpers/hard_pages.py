"""
Pages that are hard to lay out, to read aloud and to print, below 組織案内 of the sample site.

/main_sosiki/nagai_namae/          an organisation: a name of 40 characters, no news
/main_sosiki/hitotsu/              an organisation with one policy section and 41 news items
/main_sosiki/hitotsu/news/         … whose list has three pages
/main_sosiki/hitotsu/shiryo/       a news item with links to documents
/main_sosiki/yattsu/               an organisation with eight policy sections
/main_sosiki/soshikizu/            an organisation with 部, 課 and 室 below one another
/main_sosiki/zu/                   very wide, very tall, small and decorative figures
/main_sosiki/hyo/                  a table of nine columns, and one without a caption
/main_sosiki/honbun/               a long body with everything that a body may hold
/main_sosiki/eigo/                 a long English title, a long unbroken address in the text
/main_sosiki/dan2/…/dan8/          eight pages below one another, the last ten levels deep
/main_sosiki/hozon/                archived
/main_sosiki/sakujo/               gone (410)
/main_sosiki/iten/                 moved (301) to /main_sosiki/honbun/
/main_sosiki/hikkoshi/             a former address (301) of /main_sosiki/eigo/

Plant them into a prepared folder of data:
DJANGO_SETTINGS_MODULE=ministry_site.settings DATA_DIR=… python -m tests.helpers.hard_pages
"""

import io
from datetime import date, timedelta
from typing import Any

import django
import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Picture
from PIL import ImageDraw

if __name__ == "__main__":
    django.setup()

from bureaus.loading.media import measure
from bureaus.models import Answer, Contact, Document, Figure, Image, Kind, Link, Page
from bureaus.models.pages import FormerAddress
from tests.helpers.cast import approve, news_item, place, publish, tokyo
from tests.helpers.reader import GUIDE, at

LONG_NAME = "情報通信技術利活用促進及び地域社会連携基盤整備並びに国際標準化調整推進本部事務局"
LONG_ENGLISH = (
    "Headquarters for the Promotion of the Utilization of Information and Communications "
    "Technology, Regional Cooperation Infrastructure and International Standardization"
)
LONG_ADDRESS = "https://www.example.go.jp/" + "joho_tsushin_seisaku_no_suishin" * 8 + ".html"
SENTENCE = (
    "総務省では、ICTによって経済成長の実現や国際競争力の強化、様々な社会的課題の解決に貢献する"
    "ことにより、豊かで便利、安全・安心な国民生活を実現するため、政策の企画・立案に取り組んでいます。"
)
COLUMNS = "年度 予算額 決算額 件数 採択率 実施機関 担当課 開始日 終了日".split()
EVERYTHING = f"""
<p>{SENTENCE}</p>
<h3>見出しの中の見出し</h3>
<p>{SENTENCE}<strong>重要な点</strong>は太字で、<em>強調</em>は別の字体で示します。</p>
<h4>小さな見出し</h4>
<ul><li>一つ目の項目</li><li>二つ目の項目<ul><li>内側の項目<ol><li>さらに内側の項目</li>
<li>その次の項目</li></ol></li></ul></li><li>{SENTENCE}</li></ul>
<ol start="3"><li>三番目から始まる項目</li><li>四番目の項目</li></ol>
<h4>用語の説明</h4>
<dl><dt>ICT</dt><dd>情報通信技術のことです。{SENTENCE}</dd><dt>SCOPE</dt>
<dd>戦略的情報通信研究開発推進事業のことです。</dd></dl>
<h3>引用と読みがな</h3>
<blockquote><p>{SENTENCE}</p><p>{SENTENCE}</p></blockquote>
<p><ruby>逼迫<rp>（</rp><rt>ひっぱく</rt><rp>）</rp></ruby>する周波数を有効に利用するため、
<ruby>輻輳<rp>（</rp><rt>ふくそう</rt><rp>）</rp></ruby>を抑える技術の研究開発を進めています。</p>
<h3>関係するページへのリンク</h3>
<p>くわしくは<a href="/main_sosiki/joho_kokusai/">情報通信国際戦略局の紹介</a>と、
<a href="https://www.example.go.jp/hakusho/">情報通信白書の案内</a>をご覧ください。</p>
<h3>ながいながい見出しがつづくときに行がどのように折り返されるかをたしかめるための見出しです</h3>
<p>{SENTENCE * 4}</p>
"""


def plant_hard_pages() -> None:
    """Add them to a site that holds the three fixtures. Files go to the default storage."""
    guide = at(GUIDE)
    with transaction.atomic():
        plant_long_name(guide)
        plant_one_section(guide)
        plant_eight_sections(guide)
        plant_chart(guide)
        plant_figures(guide)
        plant_tables(guide)
        plant_texts(guide)
        plant_depths(guide)
        plant_past(guide)


def organisation(parent: Page, slug: str, title: str, **content: Any) -> Page:
    content.setdefault("category", "bureau")
    return publish(parent, slug, title, kind=Kind.ORGANISATION, **content)


def section(parent: Page, number: int, **content: Any) -> Page:
    title = f"{parent.editions.get().title}の第{number}の政策の総合的な企画・立案・推進"
    content.setdefault("body", f"<p>{SENTENCE}</p><h3>主な取組</h3><p>{SENTENCE}</p>")
    return publish(parent, f"seisaku{number}", title, kind=Kind.POLICY_SECTION, **content)


def plant_long_name(guide: Page) -> None:
    organisation(guide, "nagai_namae", LONG_NAME, title_english=LONG_ENGLISH, lead=SENTENCE)


def plant_one_section(guide: Page) -> None:
    bureau = organisation(guide, "hitotsu", "政策が一つの局", title_english="Single Policy Bureau")
    section(bureau, 1)
    add(
        bureau,
        Contact(position=1, name="総務課", phone="03-5253-0000"),
        Contact(
            position=2,
            name="情報通信技術利活用促進課地域社会連携基盤整備推進室国際標準化担当",
            phone="03-5253-0001",
            fax="03-5253-0002",
            email="a-very-long-name-of-a-mail-box-for-questions@example.go.jp",
        ),
    )
    for number in range(40):
        day = date(2009, 1, 5) + timedelta(days=13 * number)
        news_item(bureau, f"osirase{number}", f"第{number + 1}回検討会の開催", day)
    item = news_item(
        bureau, "shiryo", "検討会の配付資料を公表", date(2010, 6, 30), body=f"<p>{SENTENCE}</p>"
    )
    heavy = document("haifu_shiryo.pdf", "配付資料", pages=120)
    add(
        item,
        Link(position=1, text="検討会の配付資料", document=heavy),
        Link(position=2, text="総務省ICTツイート運用ポリシー", document=Document.objects.first()),
        Link(position=3, text="検討会のこれまでの開催状況のページ", page=bureau),
        Link(position=4, text="検討会の動画の案内（外部のサイト）", url="https://www.example.jp/"),
    )


def plant_eight_sections(guide: Page) -> None:
    bureau = organisation(guide, "yattsu", "政策が八つの局", lead=SENTENCE)
    for number in range(1, 9):
        section(bureau, number, lead=SENTENCE if number % 2 else "")
    news_item(bureau, "osirase", LONG_NAME + "の設置について", date(2011, 4, 1))


def plant_chart(guide: Page) -> None:
    bureau = organisation(guide, "soshikizu", "組織図のある局")
    for number in (1, 2):
        department = organisation(bureau, f"bu{number}", f"第{number}部", category="department")
        for position, duty in enumerate(("総務課", "情報通信技術利活用促進課"), 1):
            name = f"第{number}{duty}"
            division = organisation(department, f"ka{position}", name, category="division")
            organisation(division, "shitsu", f"{name}企画室", category="office", lead=SENTENCE)


def plant_figures(guide: Page) -> None:
    page = publish(guide, "zu", "大きさの違う図のあるページ", body=f"<p>{SENTENCE}</p>")
    sizes = {"yoko": (2000, 200), "tate": (200, 2000), "sho": (48, 48), "futsu": (1200, 800)}
    visible = [
        Figure(
            position=position,
            image=image(f"{name}.png", size),
            alt=f"{size[0]}×{size[1]}の枠に対角線を引いた見本の図",
            caption=f"図{position}　{SENTENCE}" if position % 2 else "",
        )
        for position, (name, size) in enumerate(sizes.items(), 1)
    ]
    decoration = image("kazari.png", (600, 60))
    add(page, *visible, Figure(position=9, image=decoration, is_decorative=True))


def plant_tables(guide: Page) -> None:
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    rows = "".join(
        f'<tr><th scope="row">{year}年度</th>' + "<td>12,345百万円</td>" * 8 + "</tr>"
        for year in range(2005, 2014)
    )
    wide = f"<table><caption>年度別の執行状況</caption><thead><tr>{head}</tr></thead>{rows}</table>"
    bare = '<table><tr><th scope="row">開催日</th><td>2013年5月23日</td></tr></table>'
    body = f"<p>{SENTENCE}</p><h3>執行状況</h3>{wide}<h3>開催の記録</h3>{bare}<p>{SENTENCE}</p>"
    publish(guide, "hyo", "列の多い表のあるページ", body=body)


def plant_texts(guide: Page) -> None:
    publish(guide, "honbun", "本文の要素がすべてあるページ", body=EVERYTHING, lead=SENTENCE)
    link = f'<p><a href="{LONG_ADDRESS}">{LONG_ADDRESS}</a>に掲載しています。{LONG_ADDRESS}</p>'
    page = publish(guide, "eigo", LONG_ENGLISH, title_english=LONG_ENGLISH, body=link)
    FormerAddress.objects.create(url_path=f"{GUIDE}hikkoshi/", page=page)


def plant_depths(guide: Page) -> None:
    page = guide
    for level in range(2, 10):
        page = publish(page, f"dan{level}", f"{level}段目に続くページ", body=f"<p>{SENTENCE}</p>")


def plant_past(guide: Page) -> None:
    """What is no longer current: once published, then archived, gone or moved."""
    since = tokyo(2013, 10, 1)
    archived = publish(guide, "hozon", "終了した事業の案内", body=f"<p>{SENTENCE}</p>")
    approve(
        archived,
        "終了した事業の案内",
        answer=Answer.ARCHIVED,
        live_from=since,
        body=f"<p>{SENTENCE}</p>",
        note="この事業は平成25年9月30日に終了しました。",
    )
    gone = publish(guide, "sakujo", "募集の案内", body=f"<p>{SENTENCE}</p>")
    approve(gone, "募集の案内", live_from=since, answer=Answer.GONE, note="募集は終了しました。")
    moved = place(guide, "iten")
    approve(moved, "移転したページ", answer=Answer.MOVED, moved_to=at(f"{GUIDE}honbun/"))


def add(page: Page, *parts: Any) -> None:
    """Add parts to an approved edition, all at once: saving one would be refused."""
    edition = page.editions.get()
    for part in parts:
        part.edition = edition
    type(parts[0]).objects.bulk_create(parts)


def image(name: str, size: tuple[int, int]) -> Image:
    """A picture with a frame and its diagonals, drawn here."""
    drawn = Picture.new("RGB", size, "#f0f9ff")
    pen = ImageDraw.Draw(drawn)
    right, bottom = size[0] - 1, size[1] - 1
    pen.rectangle((0, 0, right, bottom), outline="#00428c", width=4)
    pen.line((0, 0, right, bottom), fill="#00428c", width=2)
    pen.line((0, bottom, right, 0), fill="#00428c", width=2)
    content = io.BytesIO()
    drawn.save(content, "PNG")
    stored = default_storage.save(f"images/{name}", ContentFile(content.getvalue()))
    found = Image(file=stored)
    measure(found, default_storage)
    found.save()
    return found


def document(name: str, title: str, *, pages: int) -> Document:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    content = io.BytesIO()
    pdf.save(content)
    stored = default_storage.save(f"documents/{name}", ContentFile(content.getvalue()))
    found = Document(file=stored, title=title)
    measure(found, default_storage)
    found.save()
    return found


if __name__ == "__main__":
    plant_hard_pages()
