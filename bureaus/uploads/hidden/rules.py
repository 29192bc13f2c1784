"""The rules of hidden content: the level, the sentence and the remedy of each."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    ERROR = "error"  # no page that uses the file can be submitted until it is accepted
    WARNING = "warning"

    @property
    def label(self) -> str:
        return "誤り" if self is Level.ERROR else "注意"


class Rule(NamedTuple):
    """What an officer reads: `sentence` after the place and the words, then `remedy`."""

    level: Level
    sentence: str
    remedy: str


BY_DELETION = "元の文書でその文字を消すか「●●」などに置き換えてから、PDFに書き出し直してください。"
IN_ACROBAT = (
    "Acrobatの「非表示情報を検索して削除」で取り除くか、元の文書から書き出し直してください。"
)
IN_WORD = "Wordの「ファイル」→「情報」→「ドキュメント検査」で取り除いてから、保存し直してください。"
IN_EXCEL = (
    "Excelの「ファイル」→「情報」→「ブックの検査」で取り除くか、見せる値だけを新しいブックに"
    "写して、保存し直してください。"
)
IN_POWERPOINT = (
    "PowerPointの「ファイル」→「情報」→「プレゼンテーションの検査」で取り除いてから、"
    "保存し直してください。"
)
ERROR, WARNING = Level.ERROR, Level.WARNING

RULES: dict[str, Rule] = {
    "pdf-covered": Rule(
        ERROR, "黒塗りや画像の下に、選んで写せば読める文字が残っています。", BY_DELETION
    ),
    "pdf-under-scan": Rule(
        WARNING,
        "ページ全体の画像の下に、見えない文字があります。",
        "文字認識（OCR）の文字なら、そのままで構いません。画像で隠した文字なら、" + BY_DELETION,
    ),
    "pdf-invisible": Rule(
        ERROR, "地と同じ色や小さすぎる大きさの、見えない文字があります。", BY_DELETION
    ),
    "pdf-outside": Rule(ERROR, "紙面の外に、見えない文字があります。", BY_DELETION),
    "pdf-clipped": Rule(
        WARNING,
        "枠からはみ出して見えない文字があります。",
        "表のセルや枠を広げて全体を見せるか、その文字を消して、PDFに書き出し直してください。",
    ),
    "pdf-layer": Rule(
        ERROR,
        "表示していないレイヤーに、内容があります。",
        "レイヤーを消してから、PDFに書き出し直してください。LibreOfficeなどで「PDFに印刷」しても"
        "取り除けます。",
    ),
    "pdf-annotation": Rule(
        ERROR,
        "紙面に出ない注釈（メモ）があります。",
        "Acrobatの「注釈」の一覧で消すか、元の文書からコメントなしで書き出し直してください。",
    ),
    "pdf-redaction": Rule(
        ERROR,
        "墨消しの印が付いているだけで、まだ墨消しされていません。",
        "Acrobatの「墨消し」で「適用」を選んでから保存し直してください。",
    ),
    "pdf-bookmark": Rule(
        ERROR,
        "しおりに、本文にない言葉があります。",
        "しおりの一覧で消すか名前を直し、しおりなしでPDFに書き出し直してください。",
    ),
    "pdf-destination": Rule(
        ERROR,
        "リンクの行き先の名前に、本文にない言葉があります。",
        "元の文書のブックマークの名前を英数字に直し、PDFに書き出し直してください。",
    ),
    "pdf-revision": Rule(
        ERROR,
        "直す前の版が、ファイルの中に残っています。",
        "Acrobatの「名前を付けて保存」か「PDFの最適化」で保存し直すか、元の文書から"
        "書き出し直してください。",
    ),
    "person": Rule(
        WARNING,
        "個人の名前らしいものが入っています。",
        "Wordなどは「ファイル」→「情報」→「問題のチェック」で、Acrobatは「文書のプロパティ」で"
        "消してから、保存し直してください。",
    ),
    "path": Rule(
        WARNING,
        "作成したパソコンのフォルダーの場所が入っています。",
        "文書のプロパティーから消してから、保存し直してください。",
    ),
    "photograph-place": Rule(
        WARNING,
        "撮影した場所（緯度と経度）が入っています。",
        "写真の位置情報を消してから、文書に入れ直してください。Wordなどでは「図の圧縮」でも消せます。",
    ),
    "photograph-thumbnail": Rule(
        ERROR,
        "写真の中に、加工する前の縮小画像が残っています。",
        "写真をPNG形式で書き出してから、文書に入れ直してください。",
    ),
    "unexamined": Rule(
        WARNING,
        "ページが多いか読み取りにくいため、隠れた内容を調べきれませんでした。",
        "いくつかの文書に分けるか、黒塗りの下の文字などが残っていないか、目で確かめてください。",
    ),
}
