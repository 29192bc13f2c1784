"""The examination of a document that the intake has accepted."""

import traceback
from pathlib import Path
from typing import Any

from bureaus.uploads.hidden.contents import HiddenContent, chosen, hidden_content

NOT_READ = hidden_content("unexamined", "文書の全体", "")


def examine(kind: str, source: Path) -> list[HiddenContent]:
    """Return the hidden content of a document; never raises, as the file itself is readable."""
    try:
        # Each imports a library of its own.
        if kind == "pdf":
            from bureaus.uploads.hidden.pdf import hidden_in_pdf

            return chosen(hidden_in_pdf(source))
        from bureaus.uploads.hidden.office import hidden_in_office

        return chosen(hidden_in_office(source))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what two readers of damaged files may raise
        traceback.print_exc()
        return [NOT_READ]


def with_hidden_content(facts: dict[str, Any], source: Path) -> dict[str, Any]:
    """Return the facts about a document with its hidden content."""
    return facts | {"hidden": examine(facts["kind"], source)}
