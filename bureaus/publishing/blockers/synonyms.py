"""Why words cannot be made to mean the same."""

from collections.abc import Iterator

from bureaus.models import Action, Page, Synonyms
from bureaus.models.search_rows import MIN_SYNONYMS, TOO_FEW, WORD_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.site_entries import changed_blockers
from bureaus.search import GROUPS, SPELLINGS

NAMED_WORDS = 2  # of those that are too long


@blocker_list
def synonyms_blockers(
    *,
    page: Page,
    words: str | None,
    group: int | None = None,
    version: str = "",
    actor: Officer = None,
) -> Iterator[Blocker]:
    """`page` is the root; None for `words` deletes the group. 3 queries."""
    yield from role_blockers(Action.SYNONYMS, actor, page)
    stored = Synonyms.objects.filter(pk=group).first() if group else None
    if group or words is None:
        yield from changed_blockers("同義語", stored, version)
    if words is not None:
        synonyms = Synonyms(words=words)
        yield from words_blockers(synonyms)
        yield from duplicate_blockers(synonyms, group or 0)


def words_blockers(synonyms: Synonyms) -> Iterator[Blocker]:
    count = len(synonyms.folded)
    if count < MIN_SYNONYMS:
        yield Blocker(
            BlockerCode.FEW,
            f"{TOO_FEW}"
            "ひらがなとカタカナ、大文字と小文字、全角と半角だけの違いは、書かなくても同じ語とみなします。",
        )
    if count > SPELLINGS:
        yield Blocker(
            BlockerCode.MANY,
            f"1つの組には{SPELLINGS}語まで書けます。いまは{count}語です。分けるか、減らしてください。",
        )
    long = [word for word in synonyms.written if len(word) > WORD_LENGTH]
    for word in long[:NAMED_WORDS]:
        yield Blocker(
            BlockerCode.LONG,
            f"「{word[:WORD_LENGTH]}…」は{len(word)}文字あります。"
            f"1語は{WORD_LENGTH}文字以内にしてください。",
        )


def duplicate_blockers(synonyms: Synonyms, group: int) -> Iterator[Blocker]:
    others = list(Synonyms.objects.exclude(pk=group))
    if not group and len(others) >= GROUPS:
        yield Blocker(
            BlockerCode.FULL,
            f"同義語は{GROUPS}組までです。使わなくなった組を削除してから加えてください。",
        )
    same = next(
        (other for other in others if synonyms.folded and synonyms.folded <= other.folded), None
    )
    if same is not None:
        yield Blocker(BlockerCode.ALREADY, f"この語は、もう「{same}」の組にあります。")
