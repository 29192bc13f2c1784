"""Plain text, as pasted, converted to a manuscript with guessed headings."""

import re
from collections import Counter
from html import escape

from bureaus.proofreading.manuscript import Manuscript

HEADING_LENGTH = 60
SENTENCE_END = re.compile(r"[。．！？：；、]$|[:;]$")
NO_HEADING = re.compile(r"[>＞]|こちら(?:へ|から)?(?:PDF)?$|^[・●○■※（(【]|戻る$")


def read_text(text: str) -> Manuscript:
    """
    Return a manuscript: the first possible line is the title, short lines are headings.

    Lines keep their spaces for the rules. A line is taken for a heading only if another line
    that is not one follows it, so that no heading is without a text.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    title = next((line for line in lines if is_heading(line)), "")
    if title:
        lines.remove(title)
    times = Counter(lines)
    possible_headings = [is_heading(line) and times[line] == 1 for line in lines]
    body = "\n".join(
        element("h3" if is_possible and not following else "p", line)
        for line, is_possible, following in zip(
            lines, possible_headings, [*possible_headings[1:], True], strict=False
        )
    )
    return Manuscript(title=title.strip(), body=body)


def element(tag: str, line: str) -> str:
    return f"<{tag}>{escape(line, quote=False)}</{tag}>"


def is_heading(line: str) -> bool:
    words = line.strip()
    is_short = len(words) <= HEADING_LENGTH and line[:1] not in {" ", "\u3000"}
    return is_short and not SENTENCE_END.search(words) and not NO_HEADING.search(words)
