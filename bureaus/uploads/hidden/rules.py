"""The rules of hidden content: the level, the sentence and the remedy of each."""

from typing import NamedTuple


class HiddenRule(NamedTuple):
    """What an officer reads: `sentence` after the place and the words, then `remedy`."""

    is_error: bool  # no page that uses the file can be submitted until it is accepted
    sentence: str
    remedy: str


BY_DELETION = "元の文書でその文字を消すか「●●」などに置き換えてから、PDFに書き出し直してください。"
IN_ACROBAT = (
    "Acrobatの「非表示情報を検索して削除」で取り除くか、元の文書から書き出し直してください。"
)
INSPECTION = (
    "「ファイル」→「情報」→「問題のチェック」→「ドキュメント検査」で取り除いてから、"
    "保存し直してください。"
)
ERROR, WARNING = True, False

RULES: dict[str, HiddenRule] = {
    "pdf-covered": HiddenRule(
        ERROR, "黒塗りや画像の下に、選んで写せば読める文字が残っています。", BY_DELETION
    ),
    "pdf-under-scan": HiddenRule(
        WARNING,
        "ページ全体の画像の下に、見えない文字があります。",
        "文字認識（OCR）の文字なら、そのままで構いません。画像で隠した文字なら、" + BY_DELETION,
    ),
    "pdf-invisible": HiddenRule(
        ERROR, "地と同じ色や小さすぎる大きさの、見えない文字があります。", BY_DELETION
    ),
    "pdf-outside": HiddenRule(ERROR, "紙面の外に、見えない文字があります。", BY_DELETION),
    "pdf-clipped": HiddenRule(
        WARNING,
        "枠からはみ出して見えない文字があります。",
        "表のセルや枠を広げて全体を見せるか、その文字を消して、PDFに書き出し直してください。",
    ),
    "pdf-layer": HiddenRule(
        ERROR,
        "表示していないレイヤーに、内容があります。",
        "レイヤーを消してから、PDFに書き出し直してください。LibreOfficeなどで「PDFに印刷」しても"
        "取り除けます。",
    ),
    "pdf-annotation": HiddenRule(
        ERROR,
        "紙面に出ない注釈（メモ）があります。",
        "Acrobatの「注釈」の一覧で消すか、元の文書からコメントなしで書き出し直してください。",
    ),
    "pdf-redaction": HiddenRule(
        ERROR,
        "墨消しの印が付いているだけで、まだ墨消しされていません。",
        "Acrobatの「墨消し」で「適用」を選んでから保存し直してください。",
    ),
    "pdf-bookmark": HiddenRule(
        ERROR,
        "しおりに、本文にない言葉があります。",
        "しおりの一覧で消すか名前を直し、しおりなしでPDFに書き出し直してください。",
    ),
    "pdf-destination": HiddenRule(
        ERROR,
        "リンクの行き先の名前に、本文にない言葉があります。",
        "元の文書のブックマークの名前を英数字に直し、PDFに書き出し直してください。",
    ),
    "pdf-revision": HiddenRule(
        ERROR,
        "直す前の版が、ファイルの中に残っています。",
        "Acrobatの「名前を付けて保存」か「PDFの最適化」で保存し直すか、元の文書から"
        "書き出し直してください。",
    ),
    "tracked-change": HiddenRule(
        ERROR,
        "変更履歴に、消したり加えたりした文字が残っています。",
        "「校閲」で変更をすべて承諾するか元に戻し、変更の記録を止めてから、保存し直してください。",
    ),
    "comment": HiddenRule(
        ERROR,
        "コメントかメモが残っています。",
        f"「校閲」でコメントとメモをすべて削除するか、{INSPECTION}",
    ),
    "hidden-text": HiddenRule(
        ERROR,
        "隠し文字か、表示しない図形の文字があります。",
        f"その文字を消すか、{INSPECTION}",
    ),
    "faint-text": HiddenRule(
        ERROR,
        "地と同じ色や小さすぎる大きさ、表示しない書式の、見えない文字があります。",
        "その文字を消してから、保存し直してください。見せる文字なら、色と書式を直してください。",
    ),
    "covered": HiddenRule(
        ERROR,
        "図形や画像の下に、文字が残っています。",
        "その文字を消すか「●●」などに置き換えてから、保存し直してください。",
    ),
    "outside": HiddenRule(
        ERROR,
        "スライドの外に、見えない文字があります。",
        "その文字を消してから、保存し直してください。",
    ),
    "hidden-sheet": HiddenRule(
        ERROR,
        "表示していないシートに、値があります。",
        "シートの見出しを右クリックして「再表示」し、要らなければ削除してから、保存し直してください。",
    ),
    "hidden-row": HiddenRule(
        ERROR,
        "表示していない行に、値があります。",
        "行を「再表示」し（フィルターなら解除し）、要らなければ削除してから、保存し直してください。",
    ),
    "hidden-column": HiddenRule(
        ERROR,
        "表示していない列に、値があります。",
        "列を「再表示」し、要らなければ削除してから、保存し直してください。",
    ),
    "pivot-cache": HiddenRule(
        ERROR,
        "ピボットテーブルの中に、どのシートにも見えない元の表が残っています。",
        "ピボットテーブルを値として貼り付け直し、元のピボットテーブルを削除してから、"
        "保存し直してください。",
    ),
    "hidden-slide": HiddenRule(
        ERROR,
        "表示しないスライドがあります。",
        "そのスライドを削除してから、保存し直してください。",
    ),
    "speaker-notes": HiddenRule(
        ERROR,
        "発表者用のノートに、文字があります。",
        INSPECTION,
    ),
    "cropped-picture": HiddenRule(
        WARNING,
        "切り取って見せていない部分が、画像に残っています。",
        "「図の圧縮」で「図のトリミング部分を削除する」を選んでから、保存し直してください。",
    ),
    "person": HiddenRule(
        WARNING,
        "個人の名前らしいものが入っています。",
        "Wordなどは「ファイル」→「情報」→「問題のチェック」で、Acrobatは「文書のプロパティ」で"
        "消してから、保存し直してください。",
    ),
    "path": HiddenRule(
        WARNING,
        "作成したパソコンのフォルダーの場所が入っています。",
        "文書のプロパティーから消してから、保存し直してください。",
    ),
    "photograph-place": HiddenRule(
        WARNING,
        "撮影した場所（緯度と経度）が入っています。",
        "写真の位置情報を消してから、文書に入れ直してください。Wordなどでは「図の圧縮」でも消せます。",
    ),
    "photograph-thumbnail": HiddenRule(
        ERROR,
        "写真の中に、加工する前の縮小画像が残っています。",
        "写真をPNG形式で書き出してから、文書に入れ直してください。",
    ),
    "interrupted": HiddenRule(
        ERROR,
        "読み取れない所があり、隠れた内容を最後まで調べられませんでした。",
        "元の文書から書き出し直してください。できないときは、黒塗りの下の文字などが残っていないか、"
        "目で確かめてください。",
    ),
    "unexamined": HiddenRule(
        WARNING,
        "ページが多いか読み取りにくいため、隠れた内容を調べきれませんでした。",
        "いくつかの文書に分けるか、黒塗りの下の文字などが残っていないか、目で確かめてください。",
    ),
}
