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
    The first line that could be one is the title; a short line by itself is a heading.

    Lines keep their spaces, and the words that were once links stay words: that is what the
    rules are to see.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    title = next((line for line in lines if is_heading(line)), "")
    rest = list(lines)
    if title:
        rest.remove(title)
    times = Counter(rest)
    body = "\n".join(
        f"<h3>{escape(line, quote=False)}</h3>"
        if is_heading(line) and times[line] == 1
        else f"<p>{escape(line, quote=False)}</p>"
        for line in rest
    )
    return Manuscript(title=title.strip(), body=body)


def is_heading(line: str) -> bool:
    words = line.strip()
    is_short = len(words) <= HEADING_LENGTH and line[:1] not in {" ", "\u3000"}
    return is_short and not ENDS.search(words) and not NO_HEADING.search(words)
