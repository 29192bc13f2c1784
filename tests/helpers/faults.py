"""A list of faults of many kinds, each in a sentence of its own, and what is found of them."""

import csv
from collections.abc import Iterator

from bureaus.proofreading import Manuscript, proofread
from tests.helpers.paths import TEST_DATA

FAULTS = TEST_DATA / "faults.tsv"


def faults() -> Iterator[tuple[str, str, range]]:
    """Yield the kind of each fault, its text, and the place of its words between ＜ and ＞."""
    with FAULTS.open(encoding="utf-8", newline="") as lines:
        for kind, marked in csv.reader(lines, delimiter="\t"):
            before, _, rest = marked.partition("＜")
            words, _, after = rest.partition("＞")
            yield kind, f"{before}{words}{after}", range(len(before), len(before + words))


def is_found(text: str, words: range) -> bool:
    """Return whether a finding touches the words."""
    manuscript = Manuscript(title="見本のページ", body=f"<p>{text}</p>")
    return any(
        finding.place.field == "body"
        and finding.place.start < words.stop
        and words.start < finding.place.end
        for finding in proofread(manuscript)
    )


def missed_faults() -> tuple[list[tuple[str, str]], int]:
    """Return the faults that no rule finds, and how many there are in all."""
    every = list(faults())
    return [(kind, text) for kind, text, words in every if not is_found(text, words)], len(every)
