"""Adding, changing and deleting a word of the house, which applies to every text."""

from bureaus.models import Action, HouseWord
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.house_words import house_word_blockers
from bureaus.publishing.blockers.site_entries import site_root


@under_tree_lock
def change_house_word(
    *, entry: HouseWord | None, actor: Actor, word: int | None = None, version: str = ""
) -> HouseWord | None:
    """
    Add `entry`, or put it in the place of `word` of this `version`.

    Delete that, and return None, where `entry` is None. At most 8 queries. Raises Blocked.
    """
    root = site_root()
    raise_if_blocked(
        house_word_blockers(page=root, entry=entry, word=word, version=version, actor=actor)
    )
    stored = HouseWord.objects.get(pk=word) if word else HouseWord()
    changed = entry or HouseWord()
    record_action(Action.HOUSE_WORDS, root, actor, word=str(changed), word_before=str(stored))
    if entry is None:
        stored.delete()
        return None
    entry.pk = stored.pk
    entry.save()
    return entry
