"""The examination of a document that the intake has accepted."""

import traceback
from pathlib import Path
from typing import Any

from bureaus.uploads.hidden.remark import Remark, chosen, remark

NOT_READ = remark("unexamined", "文書の全体", "")


def examine(kind: str, source: Path) -> list[Remark]:
    """Return the remarks about a document of `kind`; never raises: the file itself is readable."""
    try:
        # Each imports a library of its own.
        if kind == "pdf":
            from bureaus.uploads.hidden.pdf import remarks_about_pdf

            return chosen(remarks_about_pdf(source))
        from bureaus.uploads.hidden.office import remarks_about_office

        return chosen(remarks_about_office(source))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what two readers of damaged files may raise
        traceback.print_exc()
        return [NOT_READ]


def with_remarks(facts: dict[str, Any], source: Path) -> dict[str, Any]:
    """Return the facts about a document, and the remarks about it."""
    return facts | {"remarks": examine(facts["kind"], source)}
