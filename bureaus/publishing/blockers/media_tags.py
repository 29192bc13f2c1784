"""Why a file cannot get tags."""

from collections.abc import Collection, Iterator

from bureaus.models import Document, Image
from bureaus.models.media_tags import TAG_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list
from bureaus.publishing.blockers.media import describe_blockers

MOST_TAGS = 10  # of one file


@blocker_list
def tag_blockers(
    *,
    item: Image | Document,
    tags: Collection[str],
    present: Collection[str] = (),
    actor: Officer = None,
) -> Iterator[Blocker]:
    """`present`: those that the file has, and keeps."""
    yield from describe_blockers(item=item, actor=actor)
    if not tags:
        yield Blocker(BlockerCode.NOTHING, "タグを書いてください。例：写真、記者会見")
    for tag in tags:
        if len(tag) > TAG_LENGTH:
            yield Blocker(
                BlockerCode.LONG,
                f"タグ「{tag[:TAG_LENGTH]}…」は{len(tag)}文字あります。"
                f"{TAG_LENGTH}文字以内にしてください。",
            )
    if len({*present, *tags}) > MOST_TAGS:
        yield Blocker(
            BlockerCode.FULL,
            f"1つのファイルのタグは{MOST_TAGS}個までです。使わないものを外してください。",
        )
