"""The figures, links and contacts of the editions on a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from django.conf import settings

from bureaus.reading import statements
from bureaus.reading.chain import Found
from bureaus.reading.moments import Moment
from bureaus.reading.shown import ShownContact, ShownFigure, ShownLink
from bureaus.text import file_size

OUTSIDE = "（外部サイト）"


class Parts(NamedTuple):
    """The parts of several editions, each under its edition's key."""

    figures: dict[int, tuple[ShownFigure, ...]]
    links: dict[int, tuple[ShownLink, ...]]
    contacts: dict[int, tuple[ShownContact, ...]]

    def together_with(self, others: "Parts") -> "Parts":
        return Parts(
            self.figures | others.figures,
            self.links | others.links,
            self.contacts | others.contacts,
        )


def parts_of(*, shown: list[int], contacts: list[int], moment: Moment) -> Parts:
    """3 queries."""
    figures: dict[int, list[ShownFigure]] = defaultdict(list)
    links: dict[int, list[ShownLink]] = defaultdict(list)
    people: dict[int, list[ShownContact]] = defaultdict(list)
    shown_keys = keys(shown)
    for row in statements.figures_of(len(shown))(**shown_keys):
        figures[row[0]].append(shown_figure(*row[1:]))
    for row in statements.links_of(len(shown))(**shown_keys):
        links[row[0]].append(shown_link(moment, *row[1:]))
    for row in statements.contacts_of(len(contacts))(**keys(contacts)):
        people[row[0]].append(ShownContact(*row[1:]))
    return Parts(frozen(figures), frozen(links), frozen(people))


def keys(editions: Iterable[int]) -> dict[str, int]:
    return {f"edition{number}": pk for number, pk in enumerate(editions)}


def frozen(lists: dict[int, list[Any]]) -> dict[int, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def shown_figure(  # noqa: PLR0917 - a row
    file: str,
    width: int,
    height: int,
    alt: str,
    is_decorative: bool,  # noqa: FBT001 - a row
    caption: str,
) -> ShownFigure:
    src = f"{settings.MEDIA_URL}{file}"
    return ShownFigure(src, width, height, "" if is_decorative else alt, caption)


def shown_link(  # noqa: PLR0917 - a row
    moment: Moment,
    text: str,
    page: str | None,
    url: str,
    file: str | None,
    size: int | None,
    pages: int | None,
) -> ShownLink:
    if page:
        return ShownLink(text, moment.address(page), "", is_external=False)
    if file:
        form = PurePosixPath(file).suffix.removeprefix(".").upper()
        length = f"、{pages}ページ" if pages else ""
        note = f"（{form}形式：{file_size(size or 0)}{length}）"
        return ShownLink(text, f"/{file}", note, is_external=False)
    return ShownLink(text, url, "" if "外部" in text else OUTSIDE, is_external=True)


def nearest_contacts(chain: Sequence[Found], parts: Parts) -> tuple[ShownContact, ...]:
    """
    Of the page itself, else of the nearest page above that names one.

    Not of the root: the ministry's own number stands in every footer, and would be no help here.
    """
    *above, page = chain
    for row in (page, *reversed(above[1:])):
        if row.edition in parts.contacts:
            return parts.contacts[row.edition]
    return ()
