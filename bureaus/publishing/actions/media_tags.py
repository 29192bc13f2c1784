"""Tagging pictures and documents in the library."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from bureaus.models import Action, Document, DocumentTag, Image, ImageTag
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.audit import Actor, record_file_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.media import file_address
from bureaus.publishing.blockers.media_tags import tag_blockers


@under_tree_lock
def tag_file(
    *, item: Image | Document, tags: Iterable[str], actor: Actor, is_removal: bool = False
) -> bool:
    """
    Give a file these tags, or take them off. At most 8 queries. Raises Blocked.

    Returns whether anything changed; only then an audit entry is written.
    """
    wanted = list(dict.fromkeys(tags))
    present = list(tags_of(item).values_list("name", flat=True))
    kept = [] if is_removal else present
    raise_if_blocked(tag_blockers(item=item, tags=wanted, present=kept, actor=actor))
    after = (
        [name for name in present if name not in wanted]
        if is_removal
        else [*present, *(name for name in wanted if name not in present)]
    )
    if after == present:
        return False
    tags_of(item).filter(name__in=wanted).delete()
    if not is_removal:
        store_tags(item, wanted)
    record_file_action(
        Action.DESCRIBE, file_address(item), actor, changes={"tags": "、".join(sorted(after))}
    )
    return True


def tags_of(item: Image | Document) -> QuerySet[Any]:
    if isinstance(item, Image):
        return ImageTag.objects.filter(image=item)
    return DocumentTag.objects.filter(document=item)


def store_tags(item: Image | Document, names: Iterable[str]) -> None:
    if isinstance(item, Image):
        ImageTag.objects.bulk_create(ImageTag(image=item, name=name) for name in names)
    else:
        DocumentTag.objects.bulk_create(DocumentTag(document=item, name=name) for name in names)
