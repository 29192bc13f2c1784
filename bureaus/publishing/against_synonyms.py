"""Why words cannot be made to mean the same."""

from collections.abc import Iterator

from bureaus.models import Page, Synonyms, Verb
from bureaus.models.searching import WORD_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.reason import Reason, against_role
from bureaus.search import GROUPS, WAYS

LEAST = 2  # words


def against_synonyms(
    *,
    page: Page,
    words: str | None,
    group: int | None = None,
    seen: str = "",
    actor: Officer = None,
) -> Iterator[Reason]:
    """`page` is the root; None for `words`: the group is to go. 3 queries."""
    yield from against_role(Verb.SYNONYMS, actor, page)
    kept = Synonyms.objects.filter(pk=group).first() if group else None
    if (group or words is None) and (kept is None or kept.words != seen):
        yield Reason(
            "changed",
            f"この同義語は、開いているあいだに、ほかの人が「{kept}」に変えました。"
            "それでもよければ、もう一度保存か削除をしてください。"
            if kept
            else "この同義語は、ほかの人が削除したため、もうありません。"
            "残すときは、もう一度保存してください。",
        )
    if words is not None:
        asked = Synonyms(words=words)
        yield from against_words(asked)
        yield from against_another(asked, group or 0)


def against_words(asked: Synonyms) -> Iterator[Reason]:
    count = len(asked.folded)
    if count < LEAST:
        yield Reason(
            "few",
            "同じ意味の語を、1行に1語ずつ、2語以上書いてください。"
            "ひらがなとカタカナ、大文字と小文字、全角と半角だけの違いは、書かなくても同じ語とみなします。",
        )
    if count > WAYS:
        yield Reason(
            "many",
            f"1つの組には{WAYS}語まで書けます。いまは{count}語です。分けるか、減らしてください。",
        )
    long = [word for word in asked.written if len(word) > WORD_LENGTH]
    for word in long[:LEAST]:
        yield Reason(
            "long",
            f"「{word[:WORD_LENGTH]}…」は{len(word)}文字あります。"
            f"1語は{WORD_LENGTH}文字以内にしてください。",
        )


def against_another(asked: Synonyms, group: int) -> Iterator[Reason]:
    others = list(Synonyms.objects.exclude(pk=group))
    if not group and len(others) >= GROUPS:
        yield Reason(
            "full", f"同義語は{GROUPS}組までです。使わなくなった組を削除してから加えてください。"
        )
    same = next((other for other in others if asked.folded and asked.folded <= other.folded), None)
    if same is not None:
        yield Reason("already", f"この語は、もう「{same}」の組にあります。")
