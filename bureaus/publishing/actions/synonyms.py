"""Creating, changing and deleting a group of synonyms, which apply to every search."""

from bureaus.models import Action, Synonyms
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.site_entries import site_root
from bureaus.publishing.blockers.synonyms import synonyms_blockers
from bureaus.search import forget_zero_results


@under_tree_lock
def change_synonyms(
    *, words: str | None, actor: Actor, group: int | None = None, version: str = ""
) -> Synonyms | None:
    """
    Create a group of synonyms from `words`, one a line, or change `group` of this `version`.

    Delete it, and return None, where `words` is None. The counts of queries without results
    start again for these words. At most 8 queries. Raises Blocked.
    """
    root = site_root()
    raise_if_blocked(
        synonyms_blockers(page=root, words=words, group=group, version=version, actor=actor)
    )
    stored = Synonyms.objects.get(pk=group) if group else Synonyms()
    before, changed = str(stored), Synonyms(pk=stored.pk, words=words or "")
    record_action(Action.SYNONYMS, root, actor, synonyms=str(changed), synonyms_before=before)
    if words is None:
        stored.delete()
        return None
    changed.save()
    forget_zero_results(changed.folded)
    return changed
