"""What a template leaves to be written: `〔記入：日時〕` in a text, and a line of it in a form."""

import re
from collections.abc import Iterable, Mapping
from html import escape

PLACEHOLDER = re.compile(r"〔記入：([^〔〕<>&]{1,40})〕")
# The same in plain text, where every sign is one of the name.
LEFT = re.compile(r"〔記入：([^〔〕]*)〕")
# A paragraph or an item that is nothing but one placeholder becomes one for each typed line.
ALONE = re.compile(r"<(p|li)>〔記入：([^〔〕<>&]{1,40})〕</\1>")


def names_in(*texts: str) -> list[str]:
    """Return the names of the placeholders, each once, in their order."""
    found = (match[1] for text in texts for match in PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(found))


def names_left(plain_text: str) -> list[str]:
    """Return the names of what is still to be written in `plain_text`, each once."""
    return list(dict.fromkeys(match[1][:40] for match in LEFT.finditer(plain_text)))


def filled(html: str, answers: Mapping[str, str]) -> str:
    """Return `html` with the answers as text in the place of their placeholders; others stay."""

    def blocks(match: re.Match[str]) -> str:
        lines = lines_of(answers.get(match[2], ""))
        tag = match[1]
        return "".join(f"<{tag}>{escape(line)}</{tag}>" for line in lines) or match[0]

    return PLACEHOLDER.sub(
        lambda match: escape(" ".join(lines_of(answers.get(match[1], "")))) or match[0],
        ALONE.sub(blocks, html),
    )


def filled_line(text: str, answers: Mapping[str, str]) -> str:
    """Return a plain text with the answers in the place of their placeholders; others stay."""
    return PLACEHOLDER.sub(
        lambda match: " ".join(lines_of(answers.get(match[1], ""))) or match[0], text
    )


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def all_of(names: Iterable[str]) -> str:
    return "".join(f"「〔記入：{name}〕」" for name in names)
