"""Rules on the alternative texts of figures, after `bureaus.text.alt_text`."""

from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.text.alt_text import LENGTH, Fault
from bureaus.text.figure_marks import MARK, number_of

NO_HINT = ""  # the sentence holds the remedy


@rule(
    "picture-place",
    "図のない「〔図1〕」",
    Level.ERROR,
    hint="番号を「図」の行の番号に直すか、その段落を消してください。",
    source="このサイトの決まり",
)
def picture_place(manuscript: Manuscript) -> Iterator[Remark]:
    """A mark of no figure, or of one that has its place. False alarms: 0 of 300; accepted: 0."""
    placed: set[int] = set()
    for block in manuscript.content.blocks:
        mark = MARK.fullmatch(block.text.strip())
        if mark is None:
            continue
        number = number_of(mark)
        if not 1 <= number <= len(manuscript.figures):
            sentence = f"「{mark[0]}」に当たる図がありません。"
            yield manuscript.content.remark(block.start, block.end, sentence, block=block)
        elif number in placed:
            sentence = f"「{mark[0]}」が2か所にあります。図は1か所にだけ置けます。"
            yield manuscript.content.remark(block.start, block.end, sentence, block=block)
        placed.add(number)


def faulty_alts(
    manuscript: Manuscript, *codes: str, is_error: bool
) -> Iterator[tuple[Passage, Fault]]:
    """Yield the alternative texts with such a fault."""
    for figure, alt in zip(manuscript.figures, manuscript.alts, strict=True):
        for fault in figure.faults:
            if fault.code in codes and fault.is_error is is_error:
                yield alt, fault


def remarks(manuscript: Manuscript, *codes: str, is_error: bool) -> Iterator[Remark]:
    for alt, fault in faulty_alts(manuscript, *codes, is_error=is_error):
        yield alt.remark(0, len(alt.text), str(fault))


@rule("picture-alt", "代替テキストのない図", Level.ERROR, hint=NO_HINT, source=sources.ALT)
def picture_alt(manuscript: Manuscript) -> Iterator[Remark]:
    """A figure without an alternative text. False alarms: 0 of 300; accepted: 0."""
    return remarks(manuscript, "empty", is_error=True)


@rule(
    "picture-alt-caption",
    "説明文と同じ代替テキスト",
    Level.WARNING,
    hint=NO_HINT,
    source=sources.REPEATED,
)
def picture_alt_caption(manuscript: Manuscript) -> Iterator[Remark]:
    """Read out twice by a screen reader. False alarms: 0 of 300; accepted: 0."""
    return remarks(manuscript, "same_as_caption", is_error=False)


@rule(
    "picture-alt-nothing",
    "何も伝えない代替テキスト",
    Level.ERROR,
    hint=NO_HINT,
    source=sources.ALT,
)
def picture_alt_nothing(manuscript: Manuscript) -> Iterator[Remark]:
    """画像1, 写真, the name of the file. False alarms: 0 of 300; accepted: 0."""
    return remarks(manuscript, "says_nothing", "file_name", "kind", is_error=True)


@rule(
    "picture-alt-kind",
    "「写真」「画像」の多い代替テキスト",
    Level.WARNING,
    hint=NO_HINT,
    source=sources.ALT,
)
def picture_alt_kind(manuscript: Manuscript) -> Iterator[Remark]:
    """写真と画像と庁舎: a third only says so. False alarms: 0 of 300; accepted: 0."""
    return remarks(manuscript, "kind", is_error=False)


@rule(
    "picture-alt-spaces",
    "代替テキストの語のなかの空白",
    Level.ERROR,
    hint=NO_HINT,
    source=sources.SPLIT_WORDS,
)
def picture_alt_spaces(manuscript: Manuscript) -> Iterator[Remark]:
    """総 務 省 in an alternative text. False alarms: 0 of 300; accepted: 0."""
    return remarks(manuscript, "spaces", is_error=True)


@rule(
    "picture-alt-long",
    "長い代替テキスト",
    Level.ERROR,
    hint=NO_HINT,
    source=sources.ALT_LONG,
)
def picture_alt_long(manuscript: Manuscript) -> Iterator[Remark]:
    """More than 150 characters. False alarms: 0 of 300; accepted: 0."""
    for alt, fault in faulty_alts(manuscript, "long", is_error=True):
        yield alt.remark(LENGTH, len(alt.text), str(fault))
