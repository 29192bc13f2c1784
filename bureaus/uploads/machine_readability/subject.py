"""What a rule reads: a sheet, its table and the table's columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bureaus.uploads.machine_readability.columns import Column
from bureaus.uploads.machine_readability.findings import Finding
from bureaus.uploads.machine_readability.layout import Table
from bureaus.uploads.machine_readability.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Subject:
    sheet: Sheet
    table: Table
    columns: list[Column]
    explanations: str  # the texts of the workbook's other sheets

    @property
    def is_csv(self) -> bool:
        return self.sheet.csv is not None

    @property
    def first_row(self) -> int:
        """The row of the names, or the first row of a table without names."""
        return self.table.header[-1] if self.table.header else self.table.area.top


Check = Callable[[Subject], Iterator[Finding]]
