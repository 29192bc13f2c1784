"""Rule 3-7: the columns of a table compared with those of the file that it replaces."""

from collections.abc import Sequence
from typing import Any

ALIKE = 0.8  # of all names, as in the reference


def with_changes(judgement: dict[str, Any] | None, before: Sequence[str]) -> dict[str, Any] | None:
    """Return the judgement of a file with what differs from the columns of the earlier one."""
    if judgement is None or not (sentence := change_in(before, judgement["names"])):
        return judgement
    finding = {"rule": "3-7", "place": "項目名", "sentence": sentence}
    return judgement | {"findings": [*judgement["findings"], finding]}


def change_in(before: Sequence[str], after: Sequence[str]) -> str:
    """Return the sentence about columns that changed; empty where most stayed in their order."""
    old, new = set(before), set(after)
    if not old or not new:
        return ""
    if len(old & new) < ALIKE * len(old | new):
        gone = [name for name in before if name not in new] or [
            name for name in after if name not in old
        ]
        return (
            f"差し替える前のファイルと、項目名が大きく違います（「{gone[0][:20]}」など）。"
            "なるべく同じ項目名にし、変えたことをページに書いてください。"
        )
    common = [name for name in before if name in new]
    if common != [name for name in after if name in old]:
        return "差し替える前のファイルと、列の順番が違います。同じ順番にしてください。"
    return ""
