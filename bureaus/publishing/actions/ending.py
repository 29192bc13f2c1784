"""Preparing the pages below one that ends, so that all of them end at one moment."""

from collections.abc import Iterable
from typing import Any

from bureaus.models import Answer, Edition, Page
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.publishing.actions.editions import (
    edit,
    lock_and_reread,
    start_draft,
    submit,
)
from bureaus.publishing.audit import Actor
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.editions import submit_blockers
from bureaus.publishing.blockers.ending import end_below_blockers, end_pages_blockers
from bureaus.publishing.pages_below import pages_below


@under_tree_lock
def end_below(*, edition: Edition, pages: Iterable[Page], actor: Actor) -> list[Edition]:
    """
    Write and submit for each of `pages` an edition that ends it as `edition` ends its page.

    They keep their text, and get the note of `edition`. One that cannot be submitted stays a
    draft. An approver puts all of them in force as one release. For each page the queries of
    `start_draft`, `edit` and `submit`, under one lock. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    edition.page = reread(edition.page)
    chosen = [reread(page) for page in pages]
    raise_if_blocked(
        end_below_blockers(edition=edition, below=pages_below(edition), pages=chosen, actor=actor)
    )
    return [ended(page, ending_with(edition), actor) for page in chosen]


@under_tree_lock
def end_page(*, page: Page, answer: Answer, note: str, actor: Actor) -> Edition:
    """
    Write and submit an edition that ends `page`; `note` is for those who open it then.

    It keeps its text. One that cannot be submitted stays a draft. The queries of `start_draft`,
    `edit` and `submit`, under one lock. Raises Blocked.
    """
    page = reread(page)
    raise_if_blocked(end_pages_blockers(pages=[page], actor=actor)[page.pk])
    return ended(page, ending_by(answer, note), actor)


def ended(page: Page, changes: dict[str, Any], actor: Actor) -> Edition:
    """Return the edition that ends `page`, submitted where nothing is against it."""
    draft = start_draft(page=page, actor=actor)
    draft = edit(edition=draft, actor=actor, changes=changes, revision=draft.revision)
    if submit_blockers(edition=draft, actor=actor):
        return draft
    return submit(edition=draft, actor=actor)


def ending_with(above: Edition) -> dict[str, Any]:
    """Return the changes with which a page ends as the one above it."""
    answer = Answer.ARCHIVED if above.answer == Answer.ARCHIVED else Answer.GONE
    reason = f"「{above.title}」の掲載終了にともない、"
    return ending_by(answer, above.note, reason)


def ending_by(answer: Answer, note: str, reason: str = "") -> dict[str, Any]:
    archived = answer == Answer.ARCHIVED
    words = "掲載を終了し、記録として残しました。" if archived else "掲載を終了しました。"
    return {
        "answer": answer,
        "note": note or f"{reason}{words}",
        "moved_to": None,
        "change_note": f"{reason}{words}",
        "is_minor": False,
    }
