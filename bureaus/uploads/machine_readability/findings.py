"""What the judgement finds: a rule, a place and a sentence with the remedy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bureaus.uploads.machine_readability.sheets import Area, Cell, Sheet, cell_name, column_name

NAMED = 5  # places
QUOTED = 20  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a sheet breaks, or seems to: the first places, and how many there are."""

    rule: str
    places: tuple[str, ...]
    count: int
    sentence: str


def at_cells(rule: str, cells: Sequence[Cell], sentence: str) -> Finding:
    return at(rule, [cell_name(*cell) for cell in cells[:NAMED]], sentence, len(cells))


def at_areas(rule: str, areas: Sequence[Area], sentence: str) -> Finding:
    return at(rule, [area.name for area in areas[:NAMED]], sentence, len(areas))


def at_rows(rule: str, rows: Sequence[int], sentence: str) -> Finding:
    return at(rule, [f"{row + 1}行目" for row in rows[:NAMED]], sentence, len(rows))


def at_columns(rule: str, columns: Sequence[int], sentence: str) -> Finding:
    return at(
        rule, [f"{column_name(column)}列" for column in columns[:NAMED]], sentence, len(columns)
    )


def at(rule: str, places: Iterable[str], sentence: str, count: int) -> Finding:
    return Finding(rule, tuple(places), count, sentence)


def place_text(sheet: Sheet, finding: Finding) -> str:
    """Return シート「人口」のB3、B7ほか4か所."""
    of_sheet = f"シート「{sheet.name[:31]}」の" if sheet.name else ""
    further = finding.count - len(finding.places)
    return f"{of_sheet}{'、'.join(finding.places)}{f'ほか{further:,}か所' if further else ''}"


def quoted(text: str) -> str:
    """Return 「text」, shortened, in one line."""
    line = " ".join(text.split())
    return f"「{line[:QUOTED]}{'…' if len(line) > QUOTED else ''}」"
