"""Why a picture or a document cannot be taken in, described, replaced or deleted."""

from collections.abc import Iterator

from django.utils import timezone

from bureaus.models import Action, Document, Edition, Image, Role, State
from bureaus.permissions import ROLES_FOR, Officer, grants_of
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list
from bureaus.publishing.references import (
    HIDDEN_TITLE,
    Reference,
    editions_using,
    reference_from,
    references_to,
)

NAMED = 10  # uses that a refusal names


@blocker_list
def upload_blockers(*, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_anywhere_blockers(Action.UPLOAD, actor)


@blocker_list
def describe_blockers(*, item: Image | Document, actor: Officer = None) -> Iterator[Blocker]:
    del item  # any writer may describe any file
    yield from role_anywhere_blockers(Action.DESCRIBE, actor)


@blocker_list
def replace_availability(*, document: Document, actor: Officer = None) -> Iterator[Blocker]:
    """
    Return why the file cannot be replaced, whatever the note says; 3 queries.

    Only their approvers change what pages show now or will show; nobody changes what an approver
    is looking at.
    """
    yield from role_anywhere_blockers(Action.REPLACE, actor)
    grants, now = grants_of(actor), timezone.now()
    shown = shown_now_or_later(document)
    under_review = [
        reference_from(each, grants, now) for each in shown if each.state == State.REVIEW
    ]
    for place in dict.fromkeys(file_place(use) for use in under_review):
        yield Blocker(
            BlockerCode.IN_REVIEW,
            f"確認待ちのページ{place}がこの文書へリンクしています。承認者が見ているものは"
            "変えられません。承認か差し戻しの後で差し替えてください。",
        )
    foreign = [
        reference_from(edition, grants, now)
        for edition in shown
        if edition.state == State.APPROVED and Role.APPROVER not in grants.roles_at(edition.page)
    ]
    for place in dict.fromkeys(file_place(use) for use in foreign):
        yield Blocker(
            BlockerCode.APPROVER,
            f"公開中か公開予約中のページ{place}がこの文書へリンクしています。"
            "差し替えるとその内容が変わるので、そこの承認者に依頼するか、"
            "新しい文書を登録して、新しい版からリンクしてください。",
        )


@blocker_list
def replace_blockers(
    *, document: Document, note: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    yield from replace_availability(document=document, actor=actor)
    if not note.strip() and is_public(document):
        yield Blocker(
            BlockerCode.NOTE,
            "公開した文書を差し替える理由を書いてください。操作の記録に残ります。",
        )


def file_place(use: Reference) -> str:
    return f"「{use.address}」" if use.address else HIDDEN_TITLE


@blocker_list
def delete_blockers(*, item: Image | Document, actor: Officer = None) -> Iterator[Blocker]:
    """Yield why the file cannot be deleted. 3 queries; one reads the bodies of all pages."""
    grants = grants_of(actor)
    is_own = actor is not None and actor.pk == item.uploader_id
    if not (grants.roles_anywhere() & ROLES_FOR[Action.DELETE] or is_own):
        yield Blocker(
            BlockerCode.ROLE,
            f"「{item}」を削除できるのは、登録した本人と管理者だけです。どちらかに依頼してください。",
        )
    uses = references_to(item, grants)
    for use in uses[:NAMED]:
        yield Blocker(BlockerCode.USED, f"{use}で使われています。先に、そこから外してください。")
    if len(uses) > NAMED:
        yield Blocker(BlockerCode.USED, f"ほかに{len(uses) - NAMED}個の版でも使われています。")
    if any(use.is_begun for use in uses):
        yield Blocker(
            BlockerCode.EVER_PUBLIC,
            "一度公開した版が使っているものは、過去のページを読めるように残すため、削除できません。",
        )


def role_anywhere_blockers(action: Action, actor: Officer) -> Iterator[Blocker]:
    """Yield a blocker where the officer has no role for `action` in any branch. 1 query."""
    if not grants_of(actor).roles_anywhere() & ROLES_FOR[action]:
        words = "か".join(role.label for role in sorted(ROLES_FOR[action]))
        yield Blocker(
            BlockerCode.ROLE,
            f"{action.label}には、どこかのページを担当する{words}の役割が要ります。"
            "担当の管理者に依頼してください。",
        )


def shown_now_or_later(document: Document) -> list[Edition]:
    """The editions with it that are in force, booked, or in review; 1 query."""
    now = timezone.now()
    editions = editions_using(document).not_ended(now).exclude(state=State.DRAFT)
    return list(editions.with_page().defer("body").order_by("placement__path", "number"))


def is_public(document: Document) -> bool:
    """Whether a citizen can read it, or could once; 1 query."""
    return editions_using(document).begun(timezone.now()).exists()


def file_address(item: Image | Document) -> str:
    """What events call it by."""
    return item.get_absolute_url() if isinstance(item, Document) else f"/media/{item.file}"
