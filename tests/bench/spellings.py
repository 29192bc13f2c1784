"""
Pairs of spellings by their kind, and how many of them meet: `python -m tests.bench.spellings`.

A pair meets where a search for one spelling finds a text that has the other; each is asked in
both directions. The pairs of tests/data/spellings.txt were written from the kinds.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

PAIRS = Path(__file__).parents[1] / "data" / "spellings.txt"
FRAME = "これは{}のことです。"
Pair = tuple[str, str]


def main() -> None:
    for kind, pairs in ordered_pairs().items():
        apart = [pair for pair in pairs if not meets(*pair)]
        missed = "".join(f", not {one} → {other}" for one, other in apart)
        print(f"spellings, {kind}: {len(pairs)}, meet {1 - len(apart) / len(pairs):.3f}{missed}")


def ordered_pairs() -> Mapping[str, list[Pair]]:
    """Return the pairs of each kind, in both directions."""
    found: dict[str, list[Pair]] = {}
    for kind, pair in lines():
        one, other = pair.split()
        found.setdefault(kind, []).extend([(one, other), (other, one)])
    return found


def lines() -> Iterator[Pair]:
    """Yield the kind and the pair of each line."""
    kind = ""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
        elif line:
            yield kind, line


def meets(one: str, other: str) -> bool:
    """Return whether a search for `one` finds a text that has `other`."""
    from bureaus.search.parsed_query import parse_query
    from bureaus.text.words import fold, parse_typed_query

    return parse_query(parse_typed_query(one), []).matches(fold(FRAME.format(other)))


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ministry_site.settings")
    django.setup()
    main()
