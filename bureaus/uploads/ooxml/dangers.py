"""The refusal of an Office file that holds something dangerous."""

import re

from bureaus.uploads.invalid_upload import InvalidUpload

BY_FIELD = "そのフィールドを選んで Ctrl＋Shift＋F9 で文字に変えるか、"
BY_VALUE = "計算の結果を値として貼り付け直すか、"
BY_REMOVAL = "取り除いて保存し直すか、"
NOT_LISTED = "登録できる文書にない部品"
# The names of parts that officers may know; the allow lists do not depend on them.
LABELS = tuple(
    (re.compile(pattern, re.IGNORECASE), label)
    for pattern, label in (
        (r"macro|vba|dialogsheet|toolbars|keyMapCustomizations|customizations\.xml", "マクロ"),
        (r"activeX|/control", "ActiveXの部品"),
        (r"externalLink|externalReference|ddeLink|oleLink", "ほかのブックやプログラムへのリンク"),
        (r"connections|queryTable|volatileDependencies|/model", "外部のデータへの接続"),
        (r"customUI|userCustomization|extensibility", "リボンやメニューの変更"),
        (r"webextension|taskpane", "アドイン"),
        (r"embedding|oleObject|aFChunk|/package", "埋め込まれたファイル"),
        (r"mailMerge|recipientData", "差し込み印刷のデータへの接続"),
        (
            r"attachedTemplate|subDocument|frame|image|transform",
            "外部から読み込まれる部品（ひな形や画像へのリンクなど）",
        ),
    )
)


def label_of(*names: str) -> str:
    """Return the Japanese name of a part or a relationship with these names."""
    text = " ".join(names)
    return next((label for pattern, label in LABELS if pattern.search(text)), NOT_LISTED)


def danger(words: str, place: str, remedy: str = BY_REMOVAL) -> InvalidUpload:
    return InvalidUpload(
        "dangerous",
        f"には、{words}（{place}）が含まれています。読む人のパソコンに害を与えるおそれがあるため"
        f"登録できません。{remedy}PDFに書き出してください。",
    )
