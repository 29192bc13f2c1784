"""For every rule of the proofreader a wrong Japanese example, and a right one."""

from dataclasses import replace
from datetime import date

from bureaus.proofreading import Figure, Link, Manuscript
from bureaus.proofreading.manuscript import HouseWord
from tests.helpers.cast import tokyo

HOUSE_WORDS = (HouseWord("ホームページ", "ウェブサイト"),)


def body(html: str) -> Manuscript:
    return Manuscript(title="見本のページ", body=html)


def paragraph(text: str) -> Manuscript:
    return body(f"<p>{text}</p>")


def link(text: str, target: str = "https://www.example.go.jp/") -> Manuscript:
    return Manuscript(title="見本のページ", links=(Link(text, target),))


def document(text: str) -> Manuscript:
    listed = (Link(text, "/documents/a.pdf", is_document=True),)
    return Manuscript(title="見本のページ", links=listed)


def picture(alt: str, caption: str = "") -> Manuscript:
    return Manuscript(title="見本のページ", figures=(Figure(alt, caption, files=("kaidan.png",)),))


def reception(text: str) -> Manuscript:
    return replace(
        paragraph(text),
        issued_on=date(2026, 12, 1),
        event_start=tokyo(2026, 12, 1),
        event_end=tokyo(2026, 12, 29),
    )


def anchored(text: str, href: str = "/main_sosiki/") -> str:
    return f'<a href="{href}">{text}</a>'


TABLE = "<table>{caption}<tr><th{scope}>開催日</th><td>2013年5月23日</td></tr></table>"
SCOPED = TABLE.format(caption="<caption>開催の記録</caption>", scope=' scope="row"')
LONG = (
    "総務省では、情報通信の分野における国際競争力の強化と地域の課題の解決に役立つ技術の研究開発、"
    * 3
)
SHORT = "総務省では、研究開発を進めています。"
HARD = "情報通信技術総合戦略推進体制整備基本方針策定検討結果報告書概要版資料集別冊追補版、" * 6
PASTED = (
    "<p>情報通信に関するポータルサイト</p><p>新着情報</p><p>政策の企画と立案</p>"
    "<p>総務省では、政策の企画と立案を進めています。</p>"
)

# The id of a rule: an example that it finds, and one that it does not.
EXAMPLES: dict[str, tuple[Manuscript, Manuscript]] = {
    "link-here": (link("詳しくはこちら"), link("情報通信白書の一覧")),
    "link-here-phrase": (link("総務省ICTツイートはこちら"), link("総務省ICTツイート")),
    "link-lost": (
        paragraph("総務省ICTツイートはこちら"),
        body("<p>職員がこちらから電話します。</p><p>お問合せはこちら</p><p>03-5253-5111</p>"),
    ),
    "link-address": (link("https://www.soumu.go.jp/"), link("総務省のウェブサイト")),
    "link-same-text": (
        Manuscript(links=(Link("報告書", "/a/"), Link("報告書", "/b/"))),
        Manuscript(links=(Link("報告書", "/a/"), Link("報告書", "/a/"))),
    ),
    "link-empty": (
        paragraph(f"報告書{anchored('')}を公表しました。"),
        paragraph(f"{anchored('報告書')}を公表しました。"),
    ),
    "link-dead": (
        replace(link("統計局", "/toukei/"), broken_addresses=frozenset({"/toukei/"})),
        replace(link("統計局", "/main_sosiki/toukei/"), broken_addresses=frozenset({"/toukei/"})),
    ),
    "link-pdf": (document("運用ポリシーはこちらPDF"), document("運用ポリシー")),
    "link-kind": (document("運用ポリシー（PDF形式：136KB）"), document("運用ポリシー")),
    "char-dependent": (paragraph("①㈱総務商事"), paragraph("（1）株式会社総務商事、25℃")),
    "char-half-kana": (paragraph("ｻｲﾊﾞｰ空間"), paragraph("サイバー空間")),
    "char-full-width": (paragraph("ＩＣＴの活用、第３回"), paragraph("ICTの活用、第3回")),
    "char-split": (paragraph("日　時　総 務 省"), paragraph("モザンビーク ズクーラ運輸通信大臣")),
    "char-indent": (paragraph("　総務省の政策です。"), paragraph("総務省の政策です。")),
    "privacy-my-number": (
        paragraph("受給者の番号は1234-5678-9018です。"),
        paragraph("番号は1234-5678-9012、法人番号は2000012020001です。"),
    ),
    "privacy-account": (
        paragraph("○○銀行本店 普通 1234567"),
        paragraph("義援金の振込先は、○○銀行本店 普通預金 1234567です。"),
    ),
    "privacy-mobile": (
        paragraph("担当：０９０－２３４５－６７８９"),
        paragraph("電話：03-5253-5111（内線2345）、090-1234-5678（記入例）"),
    ),
    "privacy-mail": (
        paragraph("suido.hanako@gmail.comへ送ってください。"),
        paragraph("kokusai-seisaku@soumu.go.jpへ送ってください。"),
    ),
    "privacy-list": (
        body(
            "<ul><li>佐藤太郎 東京都港区芝1-2-3</li><li>鈴木花子 千葉県柏市北町4丁目5番6号</li>"
            "<li>高橋 実 兵庫県尼崎市南町7-8</li></ul>"
        ),
        body(
            "<ul><li>佐藤太郎 東京都港区</li><li>鈴木会館 千葉県柏市北町4丁目5番6号</li>"
            "<li>株式会社高橋工業 代表 高橋 実 兵庫県尼崎市南町7-8</li></ul>"
        ),
    ),
    "punct-ascii": (
        paragraph("光通信(光ネットワーク)の研究,開発です."),
        paragraph("光通信（光ネットワーク）の研究、開発は2.5倍です。https://a.go.jp/?q=1"),
    ),
    "punct-mixed": (
        paragraph("研究，開発、標準化を進めます。"),
        paragraph("研究、開発、標準化を進めます。"),
    ),
    "residue-mark": (
        picture("箱の図", "【テスト】通信装置"),
        picture("箱の図", "センター（仮称）"),
    ),
    "residue-secret": (
        paragraph("【非公開】課の体制です。"),
        paragraph("第2回の会議（非公開）の議事録（未定稿）です。【公開】の部分です。"),
    ),
    "residue-tentative": (
        paragraph("支援センター（仮）の案内です。"),
        paragraph("支援センター（仮称）の議事録（未定稿）です。"),
    ),
    "residue-circles": (
        paragraph("○○課へ提出してください。"),
        paragraph("二〇〇八年に設け、該当する欄に○を付けます。「○○課」のように書く例です。"),
    ),
    "residue-words": (
        paragraph("ここに本文が入ります。TODO"),
        paragraph("テストベッドで実証し、資料2を差し替えました。"),
    ),
    "residue-breadcrumb": (
        paragraph("総務省トップ &gt; 組織案内 &gt; 情報通信国際戦略局"),
        paragraph("「メニュー &gt; 設定」の順に選ぶと、トップページの色が変わります。"),
    ),
    "residue-page-top": (
        paragraph("ページトップへ戻る"),
        paragraph("先頭へ戻るには、ページトップへ戻るリンクを使います。"),
    ),
    "residue-doubled": (
        body("<p>新藤総務大臣と運輸通信大臣との会談</p>" * 2),
        body("<p>新藤総務大臣と運輸通信大臣との会談</p><p>光ネットワークの通信装置</p>"),
    ),
    "date-short-form": (
        paragraph("期限は2013/5/23です。"),
        paragraph("期限は2013年5月23日です。2013/14年の番組、192.168.0.1、2.4.11。"),
    ),
    "date-era-only": (
        paragraph("平成25年に始めました。"),
        paragraph("平成25年（2013年）に始めました。統計法（平成19年法律第53号）によります。"),
    ),
    "date-era-wrong": (
        paragraph("2013年（平成24年）に始めました。"),
        paragraph("2013年（平成25年）に始めました。"),
    ),
    "date-era-impossible": (
        paragraph("平成32年度までに整えます。"),
        paragraph("平成31年度、昭和64年1月7日、平成元年1月8日、令和32年度、昭和100年です。"),
    ),
    "date-weekday": (
        paragraph("2013年5月23日（金）に開きます。"),
        paragraph("2013年（平成25年）5月23日（木）から24日（金）まで開きます。"),
    ),
    "date-impossible": (paragraph("2月30日までです。"), paragraph("2012年2月29日までです。")),
    "event-deadline": (
        reception("12月25日（金）17時までにお送りください。"),
        reception("説明会の申込みは12月10日まで、意見は12月28日（必着）までにお送りください。"),
    ),
    "event-ended": (
        replace(reception("意見を募集しました。"), issued_on=date(2026, 12, 29)),
        reception("意見を募集します。"),
    ),
    "date-relative": (
        paragraph("今年は友好協力40周年に当たります。"),
        paragraph("2013年に始めました。今年は40周年に当たります。"),
    ),
    "date-vague": (
        paragraph("会合を開くことを予定しています。"),
        paragraph("9月に会合を開くことを予定しています。予定価格は公表しません。"),
    ),
    "date-recent": (
        paragraph("近年、利用者が増えています。"),
        paragraph("2020年に始めました。近年、利用者が増えています。"),
    ),
    "date-office-holder": (
        paragraph("新藤総務大臣が会談しました。"),
        paragraph("総務大臣と関係大臣が会談し、2013年に新藤総務大臣が署名しました。"),
    ),
    "word-acronym": (
        paragraph("SCOPEの公募を始めます。"),
        paragraph("戦略的情報通信研究開発推進制度（SCOPE）の公募の様式はPDFです。"),
    ),
    "word-house": (
        replace(paragraph("局のホームページで公表する。"), house_words=HOUSE_WORDS),
        replace(paragraph("局のウェブサイトで公表する。"), house_words=HOUSE_WORDS),
    ),
    "word-kana": (paragraph("窓口で申請して下さい。"), paragraph("出来事を見てください。")),
    "word-kana-notice": (paragraph("電話またはメール"), paragraph("電話又はメール")),
    "okurigana": (paragraph("調査を行なう。"), paragraph("行います。転落し、提起する。")),
    "okurigana-compound": (paragraph("手続きをする。"), paragraph("手続を取り扱います。")),
    "loanword": (paragraph("シュミレーション"), paragraph("シミュレーション")),
    "loanword-long": (paragraph("サーバの更新"), paragraph("サーバーの更新")),
    "kanji-unlisted": (paragraph("情報の漏洩"), paragraph("漏洩（ろうえい）と漏えい")),
    "word-counter": (paragraph("3ヶ月と5カ所"), paragraph("3か月、霞ヶ関、カ行")),
    "word-and": (
        paragraph("住所並びに氏名"),
        paragraph("住所及び氏名並びに電話。京都の駅及び大阪の駅の窓口及び売店。"),
    ),
    "word-etc": (paragraph("法人等の代表者等の住所等です。"), paragraph("法人等です。平等です。")),
    "word-confused": (paragraph("人事移動を公表します。"), paragraph("人事異動。対称の図形。")),
    "kana-spelling": (paragraph("次のとうりです。"), paragraph("少しずつ続く。")),
    "word-twice": (
        paragraph("まず最初に、約5日程度です。"),
        paragraph("最初に、約5日です。各種。"),
    ),
    "honorific-twice": (paragraph("ご覧になられた方"), paragraph("ご覧になった方")),
    "word-outdated": (paragraph("看護婦です。"), paragraph("看護師です。")),
    "grammar-ra": (paragraph("窓口で見れます。"), paragraph("見れば、離れます。入れます。")),
    "grammar-i": (paragraph("活動してる団体"), paragraph("育てる。捨てます。している。")),
    "grammar-sa": (
        paragraph("読まさせていただきます。"),
        paragraph("課からさせていただき、済まさせていただく。"),
    ),
    "style-no": (paragraph("地域の住民の生活の支援"), paragraph("地域の住民の支援")),
    "style-ga": (
        paragraph("示したが、意見が出たが、決めた。"),
        paragraph("示したが、意見が出た。"),
    ),
    "style-negation": (paragraph("要らないわけではない。"), paragraph("要らない。")),
    "style-loose": (paragraph("確認を行います。"), paragraph("確認します。式を行います。")),
    "style-weak": (paragraph("始まるかもしれません。"), paragraph("始まります。")),
    "style-letting": (paragraph("開催させていただきます。"), paragraph("開催します。")),
    "style-tari": (paragraph("読んだり、書くことです。"), paragraph("読んだり書いたりします。")),
    "style-kanji": (paragraph("漢字" * 8), paragraph("漢字" * 7)),
    "style-commas": (paragraph("一、二、三、四、五、六。"), paragraph("一、二、三。")),
    "style-mixed": (
        paragraph("始めます。進めます。終わった。"),
        paragraph("始めました。「終わった。」という声でした。"),
    ),
    "spelling-mixed": (
        paragraph("子供です。子ども。サーバーとサーバ"),
        paragraph("取組です。取り組んでいます。45分から分かります。"),
    ),
    "punct-pair": (paragraph("対象（在勤の方です。"), paragraph("1)申請 ア）届出（一）です。")),
    "punct-doubled": (paragraph("受け付けます、。"), paragraph("受け付けます。")),
    "refer-below": (paragraph("下記のとおりです。"), body("<p>下記のとおりです。</p><p>記</p>")),
    "refer-attached": (
        paragraph("別紙のとおりです。"),
        replace(paragraph("別紙のとおりです。"), links=(Link("別紙", "/a/"),)),
    ),
    "link-missing": (
        paragraph("詳しくはhttps://example.go.jp/です。"),
        paragraph(anchored("https://example.go.jp/")),
    ),
    "link-here-missing": (
        paragraph("こちらをご覧ください。"),
        paragraph(f"{anchored('様式')}はこちらをご覧ください。"),
    ),
    "address-broken": (paragraph("http//www.example.go.jp"), paragraph("a@example.go.jp")),
    "number-phone": (
        paragraph("電話：03-5253-511"),
        paragraph("電話：03-5253-5111、0120-123-456、090-1234-5678。図0-1-23"),
    ),
    "number-postal": (paragraph("〒100-892"), paragraph("〒100-8926")),
    "number-comma": (paragraph("費用は10,00円です。"), paragraph("1,000円、1,234,567人")),
    "time-impossible": (paragraph("午後14時、9時65分"), paragraph("14時、25時、午後2時5分")),
    "period-reversed": (
        paragraph("2026年5月31日から2026年5月1日まで"),
        paragraph("12月29日から1月3日まで、22時から5時まで、9時から17時まで"),
    ),
    "word-doubled": (
        paragraph("研究をを進め、政策の推進推進に努めました。"),
        paragraph(
            "街ににぎわいをもたらす手続がオンラインでできるものの、ますます一つ一つ増えます。"
        ),
    ),
    "sentence-long": (paragraph(f"{LONG}進めています。"), paragraph(SHORT)),
    "paragraph-long": (paragraph(SHORT * 25), paragraph(SHORT * 20)),
    "readability": (paragraph(f"{HARD}公表。"), paragraph(SHORT * 15)),
    "heading-skipped": (
        body("<h4>概要</h4><p>本文です。</p>"),
        body("<h3>目的</h3><h4>概要</h4><p>本文です。</p>"),
    ),
    "heading-empty": (body("<h3></h3><p>本文です。</p>"), body("<h3>目的</h3><p>本文です。</p>")),
    "section-empty": (
        body("<h3>新着情報</h3><h3>政策</h3><p>本文です。</p>"),
        body("<h3>政策</h3><h4>企画</h4><p>本文です。</p>"),
    ),
    "heading-bold": (
        body("<p><strong>募集の概要</strong></p><p>本文です。</p>"),
        body("<h3>募集の概要</h3><p><strong>締切に注意してください。</strong></p>"),
    ),
    "heading-lost": (body(PASTED), body(PASTED.replace("<p>新着情報</p>", "<h3>新着情報</h3>"))),
    "table-scope": (body(SCOPED.replace(' scope="row"', "")), body(SCOPED)),
    "table-headers": (body(SCOPED.replace("th", "td")), body(SCOPED)),
    "table-caption": (body(TABLE.format(caption="", scope=' scope="row"')), body(SCOPED)),
    "layout-breaks": (
        body("<p>一つ目です。<br><br>二つ目です。</p><p></p>"),
        body("<p>東京都千代田区<br>霞が関</p><p>二つ目です。</p>"),
    ),
    "layout-spaces": (
        paragraph("氏名　　　　住所"),
        paragraph("山田 太郎 Global ICT Strategy Bureau"),
    ),
    "list-typed": (
        body("<p>・光ネットワーク</p><p>・脳情報通信</p>"),
        body("<ul><li>光ネットワーク</li></ul><p>企画・立案・推進</p>"),
    ),
    "title-sibling": (
        Manuscript(title="検討会の開催", sibling_titles=frozenset({"検討会の開催"})),
        Manuscript(title="検討会（第3回）の開催", sibling_titles=frozenset({"検討会の開催"})),
    ),
    "picture-place": (
        paragraph("〔図1〕"),
        replace(picture("大臣の会談"), body="<p>〔図1〕</p><p>（第〔図2〕号）</p>"),
    ),
    "picture-alt": (picture(""), Manuscript(figures=(Figure(is_decorative=True),))),
    "picture-alt-kind": (picture("庁舎の写真と画像"), picture("庁舎の正面の写真")),
    "picture-alt-spaces": (picture("総 務 省の庁舎"), picture("総務省 情報通信国際戦略局")),
    "picture-alt-caption": (
        picture("大臣の会談", "大臣の会談"),
        picture("二人の握手", "大臣の会談"),
    ),
    "picture-alt-nothing": (picture("画像1"), picture("写真に写る二人が握手している")),
    "picture-alt-long": (picture("箱" * 151), picture("箱" * 150)),
}
