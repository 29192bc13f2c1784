"""Comments on a draft: written, answered, resolved and opened again (docs/adr/0056)."""

from dataclasses import dataclass

from django.utils import timezone

from bureaus.models import Action, DraftComment, Edition
from bureaus.models.draft_comments import QUOTE_LENGTH, new_key
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import Blocked, Blocker, BlockerCode, raise_if_blocked
from bureaus.publishing.blockers.draft_comments import (
    comment_blockers,
    reopen_blockers,
    resolve_blockers,
)
from bureaus.publishing.draft_comments import passages_of
from bureaus.text.quotes import Quote, quote_at
from bureaus.text.rich_text import strip_invisible

MOVED = "下書きの内容が変わったので、選んだところが分かりません。選び直してください。"
NOT_THERE = "引用した言葉「{}」は、選んだところにありません。そのとおりに写すか、空けてください。"


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What a comment is about: a place of `passages_of` as `revision` of the draft had it.

    Without a place the whole draft; without a quote the whole line.
    """

    place: str = ""
    quote: str = ""
    revision: int | None = None


WHOLE = Subject()


@under_tree_lock
def comment(*, edition: Edition, text: str, actor: Actor, subject: Subject = WHOLE) -> DraftComment:
    """Begin a thread. The text is in no audit entry: those outlive the draft. Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(comment_blockers(edition=edition, text=text, actor=actor))
    field, quote = anchor(edition, subject)
    key = new_key()
    written = DraftComment.objects.create(
        key=key,
        thread=key,
        edition=edition,
        author_id=actor.pk if actor else None,
        text=strip_invisible(text).strip(),
        field=field,
        quote=quote.text,
        before=quote.before,
        after=quote.after,
    )
    record_action(Action.COMMENT, edition.page, actor, edition=edition, thread=key)
    return written


@under_tree_lock
def answer(*, edition: Edition, thread: str, text: str, actor: Actor) -> DraftComment:
    """Answer in a thread of the edition. Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(comment_blockers(edition=edition, text=text, thread=thread, actor=actor))
    written = DraftComment.objects.create(
        thread=thread,
        edition=edition,
        author_id=actor.pk if actor else None,
        text=strip_invisible(text).strip(),
    )
    record_action(Action.COMMENT, edition.page, actor, edition=edition, thread=thread)
    return written


@under_tree_lock
def resolve(*, edition: Edition, thread: str, actor: Actor) -> None:
    """Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(resolve_blockers(edition=edition, thread=thread, actor=actor))
    resolver = actor.pk if actor else None
    DraftComment.objects.filter(key=thread).update(resolved_at=timezone.now(), resolver_id=resolver)
    record_action(Action.RESOLVE, edition.page, actor, edition=edition, thread=thread)


@under_tree_lock
def reopen(*, edition: Edition, thread: str, actor: Actor) -> None:
    """Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(reopen_blockers(edition=edition, thread=thread, actor=actor))
    DraftComment.objects.filter(key=thread).update(resolved_at=None, resolver_id=None)
    record_action(Action.REOPEN, edition.page, actor, edition=edition, thread=thread)


def anchor(edition: Edition, subject: Subject) -> tuple[str, Quote]:
    """Return the field and the quote of what is commented on. Raises Blocked."""
    if not subject.place:
        return "", Quote("")
    found = next((each for each in passages_of(edition) if each.place == subject.place), None)
    if found is None or subject.revision not in {None, edition.revision}:
        raise Blocked([Blocker(BlockerCode.CHANGED, MOVED)])
    words = " ".join(strip_invisible(subject.quote).split()) or found.text
    start = found.text.find(words)
    if start < 0:
        raise Blocked([Blocker(BlockerCode.PASSAGE, NOT_THERE.format(words[:40]))])
    return found.label, quote_at(found.text, start, min(len(words), QUOTE_LENGTH))
