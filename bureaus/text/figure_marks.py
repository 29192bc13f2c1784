"""The marks at which a body shows its figures: a paragraph of its own with 〔図1〕."""

import re

MARK = re.compile(r"〔図([0-9０-９]{1,2})〕")
MARKED_PARAGRAPH = re.compile(rf"<p>{MARK.pattern}</p>")


def number_of(mark: re.Match[str]) -> int:
    """Return the number of the figure, from 1."""
    return int(mark[1])
