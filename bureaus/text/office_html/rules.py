"""The rules that this package and static/js/office_html.js share, read from one file."""

import json
import re
from pathlib import Path
from typing import Any

RULES: dict[str, Any] = json.loads(Path(__file__).with_name("rules.json").read_text("utf-8"))
TAGS = frozenset(RULES["tags"].split())
ATTRIBUTES = frozenset(RULES["attributes"].split())
UNREAD = frozenset(RULES["unread"].split())  # removed with their contents
# Without a block inside they are paragraphs, so that their texts do not run together.
HOLDERS = frozenset(RULES["holders"].split())
BLOCKS = HOLDERS | frozenset(RULES["blocks"].split())
DROPPED: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern) for kind, pattern in RULES["dropped"].items()
}
WORDS: dict[str, str] = RULES["words"]
LABELS: dict[str, str] = RULES["labels"]  # of the kinds of what was dropped or changed
EMBEDDED: dict[str, str] = RULES["embedded"]
# A number of each style of lists but 1., 2., 3.
NUMBERINGS: dict[str, str] = RULES["numberings"]


def pattern(name: str) -> re.Pattern[str]:
    return re.compile(RULES[name])
