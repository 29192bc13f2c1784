"""A text that is not a page yet, read as whoever pastes it means it."""

import re
from collections import Counter
from html import escape

from bureaus.proofreading.manuscript import Manuscript

HEADING_LENGTH = 60
ENDS = re.compile(r"[。．！？：；、]$|[:;]$")
NO_HEADING = re.compile(r"[>＞]|こちら(?:へ|から)?(?:PDF)?$|^[・●○■※（(【]|戻る$")


def read_text(text: str) -> Manuscript:
    """
    The first line that could be one is the title; a short line above a sentence is a heading.

    Lines keep their spaces, and the words that were once links stay words: that is what the
    rules are to see. Headings are only guessed, so that none of them is without a text below it.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    title = next((line for line in lines if is_heading(line)), "")
    if title:
        lines.remove(title)
    times = Counter(lines)
    could_be = [is_heading(line) and times[line] == 1 for line in lines]
    body = "\n".join(
        element("h3" if alone and not following else "p", line)
        for line, alone, following in zip(lines, could_be, [*could_be[1:], True], strict=False)
    )
    return Manuscript(title=title.strip(), body=body)


def element(tag: str, line: str) -> str:
    return f"<{tag}>{escape(line, quote=False)}</{tag}>"


def is_heading(line: str) -> bool:
    words = line.strip()
    is_short = len(words) <= HEADING_LENGTH and line[:1] not in {" ", "\u3000"}
    return is_short and not ENDS.search(words) and not NO_HEADING.search(words)
