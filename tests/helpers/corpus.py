"""The pages of public bodies beside the repository."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from tests.helpers.paths import CORPUS

PAGES = CORPUS / "pages.jsonl.gz"


def rows() -> Iterator[dict[str, Any]]:
    with gzip.open(PAGES, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
