"""The examination of a document that the intake has accepted."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bureaus.uploads.hidden.contents import HiddenContent, chosen, hidden_content

INTERRUPTED = hidden_content("interrupted", "文書の全体", "")


def examine(kind: str, source: Path) -> list[HiddenContent]:
    """
    Return the hidden content of a document; never raises, as the file itself is readable.

    Where a check fails, what was found before stays, after an error that somebody has to accept.
    """
    found: list[HiddenContent] = []
    try:
        for each in hidden_in(kind, source):
            found.append(each)  # noqa: PERF402 - those before an exception are kept
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what two readers of damaged files may raise
        traceback.print_exc()
        found.insert(0, INTERRUPTED)  # before the limit of `chosen`
    return chosen(found)


def hidden_in(kind: str, source: Path) -> Iterator[HiddenContent]:
    # Each imports a library of its own.
    if kind == "pdf":
        from bureaus.uploads.hidden.pdf import hidden_in_pdf

        return hidden_in_pdf(source)
    from bureaus.uploads.hidden.office import hidden_in_office

    return hidden_in_office(source)


def with_hidden_content(facts: dict[str, Any], source: Path) -> dict[str, Any]:
    """Return the facts about a document with its hidden content."""
    return facts | {"hidden": examine(facts["kind"], source)}
