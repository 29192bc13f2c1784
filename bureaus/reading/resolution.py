"""Resolve an address at a moment: to a page that can be read, or to the answer in its place."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from bureaus.models import Answer, Kind
from bureaus.models.addresses import DEPTH_LIMIT, address_chain, former_path, is_address
from bureaus.reading import statements
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.request_paths import canonical_address, known_beginning
from bureaus.reading.rows import PageRow
from bureaus.reading.view_models import Gone, Missing, Moved, memento_of

MOVES_FOLLOWED = 3

Substitute = Moved | Gone | Missing


class ResolvedPage(NamedTuple):
    """A page that can be read, and the rows from the root down to it, itself last."""

    page: PageRow
    rows: Sequence[PageRow]


def find_ancestors(address: str, moment: Moment) -> list[PageRow]:
    """Return the pages in force from the root to `address`, itself last. 1 query."""
    addresses = address_chain(address)
    if not addresses or len(addresses) > DEPTH_LIMIT:
        return []
    values = {f"address{number}": text for number, text in enumerate(addresses)}
    return statements.ancestors_of(len(addresses))(at=moment.at, **values)


def resolve(
    path: str, moment: Moment, *, suffix: str = "", kind: Kind | None = None
) -> ResolvedPage | Substitute:
    """
    Return the page in force at `path`, or the answer in its place.

    `path` is whatever was requested; nothing in it can make this fail. `suffix` is the last part
    of the address of a list below the page: `history/`. `kind` is the one that has such a list;
    Missing where the page is of another kind. 1 query, 2 to 6 for an answer in its place.
    """
    address = canonical_address(path)
    page_address = address.removesuffix(suffix)
    rows = find_ancestors(page_address or known_beginning(path), moment)
    substitute = substitute_for(page_address or former_path(path), rows, moment)
    if isinstance(substitute, Moved):
        if kind is None or is_of_kind(kind, substitute.url_path, moment):
            return Moved(substitute.url_path + suffix)
        # A reader is led from a list to the page; a program that reads a file is not.
        return substitute if suffix else missing_below(rows, moment)
    if substitute is not None:
        return substitute
    if kind is not None and rows[-1].kind != kind:
        return missing_below(rows, moment)
    return ResolvedPage(rows[-1], rows) if path == address else Moved(address)


def substitute_for(address: str, rows: Sequence[PageRow], moment: Moment) -> Substitute | None:
    """Return the answer at `address` where no page can be read; None where one can."""
    if not rows or rows[-1].url_path != address:
        return former_address_answer(address, rows, moment)
    page = rows[-1]
    if page.moved_to:
        return Moved(final_address(page.moved_to, moment))
    if page.answer == Answer.GONE:
        breadcrumbs = breadcrumbs_of(rows[:-1], moment)
        return Gone(page.title, page.note, breadcrumbs, site_frame(moment, page.url_path, page))
    return None


def former_address_answer(address: str, rows: Sequence[PageRow], moment: Moment) -> Moved | Missing:
    target = redirect_target(address, moment) if address else ""
    if target and target != address:
        return Moved(final_address(target, moment))
    today = find_ancestors(address, present_moment()) if moment.is_past else []
    exists_today = bool(today) and today[-1].url_path == address
    frame = site_frame(moment, address if exists_today else "")
    first = memento_of(address, today[-1].first_published) if exists_today else None
    return Missing(breadcrumbs_of(rows, moment), exists_today, frame, first)


def redirect_target(address: str, moment: Moment) -> str:
    """
    Return where the page is that `address` leads to at `moment`; empty where none does.

    That which last had the address while it was public, else that of a former address from
    before, else, in the past, the one that has had it first since. At most 3 queries, and 1 where
    no page can have the address.
    """
    if not is_address(address):
        rows = statements.FORMER_ADDRESS(address=address, at=moment.at)
        return (rows[0].url_path or "") if rows else ""
    rows = statements.LAST_HOLDER(address=address, at=moment.at)
    rows = rows or statements.FORMER_ADDRESS(address=address, at=moment.at)
    if not rows and moment.is_past:
        rows = statements.NEXT_HOLDER(address=address, at=moment.at, now=timezone.now())
    return (rows[0].url_path or "") if rows else ""


def missing_below(rows: Sequence[PageRow], moment: Moment) -> Missing:
    """Return the answer where the pages of `rows` exist, and what was requested below does not."""
    return Missing(
        breadcrumbs_of(rows, moment), exists_today=False, site_frame=site_frame(moment, "")
    )


def final_address(address: str, moment: Moment) -> str:
    """Follow the moves of the page at `address` to the last, so that a redirect takes one hop."""
    for _ in range(MOVES_FOLLOWED):
        rows = find_ancestors(address, moment)
        if not rows or rows[-1].url_path != address or not rows[-1].moved_to:
            break
        address = rows[-1].moved_to
    return address


def is_of_kind(kind: Kind, address: str, moment: Moment) -> bool:
    """Return whether a page of this kind is in force at `address`. 1 query."""
    rows = find_ancestors(address, moment)
    return bool(rows) and rows[-1].url_path == address and rows[-1].kind == kind
