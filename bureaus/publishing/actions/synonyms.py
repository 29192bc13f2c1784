"""Words that mean the same in every search of the site: written, changed, taken away."""

from bureaus.models import Action, Page, Synonyms
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.synonyms import synonyms_blockers
from bureaus.search import forget_zero_results

ROOT = "/"


@under_tree_lock
def change_synonyms(
    *, words: str | None, actor: Actor, group: int | None = None, seen: str = ""
) -> Synonyms | None:
    """
    Let `words`, one a line, mean the same: a new group, or `group` as it was `seen`.

    With None for words the group goes, and None is returned. What was looked for in vain by one
    of them is counted anew. At most 8 queries. Raises Refused.
    """
    root = Page.objects.get(url_path=ROOT)
    raise_if_blocked(synonyms_blockers(page=root, words=words, group=group, seen=seen, actor=actor))
    kept = Synonyms.objects.get(pk=group) if group else Synonyms()
    before, changed = str(kept), Synonyms(pk=kept.pk, words=words or "")
    record_action(Action.SYNONYMS, root, actor, synonyms=str(changed), synonyms_before=before)
    if words is None:
        kept.delete()
        return None
    changed.save()
    forget_zero_results(changed.folded)
    return changed
