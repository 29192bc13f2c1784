"""Where the checkout and the data files of the tests are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST_DATA = ROOT / "tests" / "data"
CORPUS = ROOT.parent / "shared" / "corpus"
