"""Why a word of the house cannot be added, changed or deleted."""

from collections.abc import Iterator

from bureaus.models import Action, HouseWord, Page
from bureaus.models.house_words import REASON_LENGTH, SAME, SHORTEST, TOO_SHORT, WORD_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.site_entries import changed_blockers

WORDS = 500  # on the whole site; each text is searched for all of them


@blocker_list
def house_word_blockers(
    *,
    page: Page,
    entry: HouseWord | None,
    word: int | None = None,
    version: str = "",
    actor: Officer = None,
) -> Iterator[Blocker]:
    """`page` is the root; None for `entry` deletes `word`. 3 queries."""
    yield from role_blockers(Action.HOUSE_WORDS, actor, page)
    stored = HouseWord.objects.filter(pk=word).first() if word else None
    if word or entry is None:
        yield from changed_blockers("用語", stored, version)
    if entry is not None:
        yield from length_blockers(entry)
        yield from other_words_blockers(entry, word or 0)


def length_blockers(entry: HouseWord) -> Iterator[Blocker]:
    if len(entry.written) < SHORTEST:
        yield Blocker(BlockerCode.FEW, f"「{entry.written}」は短すぎます。{TOO_SHORT}")
    if entry.written == entry.preferred:
        yield Blocker(BlockerCode.ALREADY, SAME)
    for label, text, length in (
        ("表記", entry.written, WORD_LENGTH),
        ("使う表記", entry.preferred, WORD_LENGTH),
        ("理由", entry.reason, REASON_LENGTH),
    ):
        if len(text) > length:
            yield Blocker(
                BlockerCode.LONG,
                f"{label}の「{text[:WORD_LENGTH]}…」は{len(text)}文字あります。"
                f"{length}文字以内にしてください。",
            )


def other_words_blockers(entry: HouseWord, word: int) -> Iterator[Blocker]:
    others = list(HouseWord.objects.exclude(pk=word))
    if not word and len(others) >= WORDS:
        yield Blocker(
            BlockerCode.FULL,
            f"用語は{WORDS}語までです。使わなくなった用語を削除してから加えてください。",
        )
    for other in others:
        if other.written == entry.written:
            yield Blocker(BlockerCode.ALREADY, f"「{entry.written}」は、もう用語にあります。")
        elif entry.preferred and other.preferred and entry.preferred == other.written:
            yield Blocker(
                BlockerCode.ALREADY,
                f"「{entry.preferred}」は、用語で「{other.preferred}」に直すことになっています。"
                "使う表記を選び直してください。",
            )
