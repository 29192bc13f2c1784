"""The words of the tables in a manuscript."""

from collections.abc import Iterator

from bureaus.proofreading.findings import Remark
from bureaus.proofreading.manuscript import Manuscript


def listed_words(
    manuscript: Manuscript, rule: str, sentence: str, *, has_fix: bool = True
) -> Iterator[Remark]:
    """Yield a remark for each word of the table of `rule`; not in 「」, which may be a name."""
    for passage in manuscript.passages:
        for start, entry in passage.listed.get(rule, ()):
            if passage.is_quoted(start):
                continue
            said = sentence.format(wrong=entry.wrong, right=entry.right)
            new = entry.right if has_fix else None
            yield passage.remark(start, start + len(entry.wrong), said, new)
