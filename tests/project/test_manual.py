"""Every command in the blocks of docs/operations.md is run by a test that reads it there."""

from tests.helpers import manual
from tests.helpers.paths import ROOT


def test_the_commands_below_each_heading_are_run_by_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    headings = manual.sections()
    assert headings
    assert [heading for heading in headings if f'commands("{heading}")' not in tests] == []
