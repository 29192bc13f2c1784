"""Entries of lists that apply to the whole site: synonyms, words of the house."""

from collections.abc import Iterator
from typing import Protocol

from bureaus.models import Page
from bureaus.models.placements import pages_at
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode

ROOT = "/"


class SiteEntry(Protocol):
    """An entry whose `version` changes with its words."""

    @property
    def version(self) -> str: ...


def site_root() -> Page:
    """Return the page whose roles decide about the lists. 1 query. Raises Page.DoesNotExist."""
    root = pages_at([ROOT]).get(ROOT)
    if root is None:
        raise Page.DoesNotExist("the site has no page yet")
    return root


def changed_blockers(name: str, stored: SiteEntry | None, version: str) -> Iterator[Blocker]:
    """Yield a blocker where the entry is no longer that of `version`, or is gone."""
    if stored is None:
        sentence = (
            f"この{name}は、ほかの人が削除したため、もうありません。"
            "残すときは、もう一度保存してください。"
        )
    elif stored.version != version:
        sentence = (
            f"この{name}は、開いているあいだに、ほかの人が「{stored}」に変えました。"
            "それでもよければ、もう一度保存か削除をしてください。"
        )
    else:
        return
    yield Blocker(BlockerCode.CHANGED, sentence)
