"""The table of spellings of one word, which a program wrote from the data of a dictionary."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("spelling_table.txt")
STEM = "="
COMMENT = "#"
Families = Mapping[str, tuple[str, ...]]


class SpellingTable(NamedTuple):
    """For each spelling of a word, or stem of a verb, all of them; `longest`: characters."""

    words: Families
    stems: Families
    longest: int


@cache
def spelling_table() -> SpellingTable:
    """Read the table at the first use: a tenth of a second, and some megabytes."""
    words: dict[str, tuple[str, ...]] = defaultdict(tuple)
    stems: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(COMMENT):
            continue
        forms = tuple(line.replace(STEM, "").split(" "))
        families = stems if line.startswith(STEM) else words
        for form in forms:
            families[form] += forms
    longest = max(map(len, (*words, *stems)))
    return SpellingTable(dict(words), dict(stems), longest)
