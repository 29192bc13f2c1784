"""The text of a file in one of the encodings of Japanese web pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
HEAD = 4096  # bytes in which a page declares its encoding
# As browsers read these names; euc_jis_2004 knows the circled numbers that euc_jp does not.
CODECS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jis_2004",
    "x-euc-jp": "euc_jis_2004",
    "iso-2022-jp": "iso2022_jp_2",
    "utf-8": "utf-8",
    "utf8": "utf-8",
}
ESCAPE = b"\x1b$"  # of ISO-2022-JP, whose bytes are valid UTF-8
GUESSES = ("euc_jis_2004", "cp932")
# What a text in another encoding is full of when it is read as this one.
UNLIKELY = re.compile(r"[\uff61-\uff9f\u0080-\u00ff\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`replaced`: how many characters could not be read."""

    text: str
    replaced: int = 0


def decode(content: bytes) -> Decoded:
    """
    Return the text of `content`.

    By its byte order mark; as UTF-8, which no other text is by chance; else in the encoding that
    gives the most likely Japanese, among equals the one that it declares.
    """
    for mark, codec in MARKS:
        if content.startswith(mark):
            return replacing(content, codec)
    declared = declared_codec(content)
    certain = ["iso2022_jp_2"] if ESCAPE in content else ["utf-8"]
    for codecs in (certain, [declared, *GUESSES]):
        if texts := strict_texts(content, codecs):
            return Decoded(min(texts, key=unlikely_characters))
    return replacing(content, declared or "cp932")


def declared_codec(content: bytes) -> str:
    found = DECLARED.search(content[:HEAD])
    return CODECS.get(found[1].decode("ascii").lower(), "") if found else ""


def strict_texts(content: bytes, codecs: Iterable[str]) -> list[str]:
    """Return the text of `content` in each of the codecs of which it is one."""
    texts = []
    for codec in filter(None, codecs):
        try:
            texts.append(content.decode(codec))
        except UnicodeDecodeError:
            continue
    return texts


def unlikely_characters(text: str) -> int:
    return len(UNLIKELY.findall(text))


def replacing(content: bytes, codec: str) -> Decoded:
    text = content.decode(codec, "replace")
    return Decoded(text, text.count("\ufffd"))
