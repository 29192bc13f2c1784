"""One inconsistency, as check_site prints it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """An inconsistency of the page at `address`."""

    address: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.address}：{self.sentence}"
