"""docs/security.md: every requirement of ASVS 5.0 up to level 2, each with its evidence."""

import re

from tests.helpers.paths import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
# The last requirement of level 1 or 2 in each section; they are numbered from 1.
SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
""".split()
FOLDERS = "bureaus|deploy|docs|ministry_site|static|templates|tests"
FILE = re.compile(
    rf"`((?:{FOLDERS})/[\w./-]+|SECURITY\.md|Makefile|pyproject\.toml|requirements\.txt)`"
)


def requirements() -> list[str]:
    pairs = (section.split(":") for section in SECTIONS)
    return [f"{name}.{number}" for name, last in pairs for number in range(1, int(last) + 1)]


def test_each_requirement_has_one_line() -> None:
    assert [number for number, *_ in ROW.findall(PAGE)] == requirements()
    assert len(requirements()) == 253


def test_what_is_met_names_a_file_and_what_is_not_a_reason() -> None:
    for number, words, state, evidence in ROW.findall(PAGE):
        assert words.strip(), number
        assert state in {"met", "not applicable", "not met"}, number
        assert FILE.search(evidence) if state == "met" else len(evidence) > 5, number


def test_every_file_that_the_page_names_exists() -> None:
    named = {file.partition("::")[0] for file in re.findall(r"`([^`\s]+/[^`\s]+)`", PAGE)}
    files = {name for name in named if name.split("/")[0] in FOLDERS.split("|")}
    assert files
    assert {name for name in files if not (ROOT / name).exists()} == {"deploy/secrets/tls/"}


def test_no_script_reaches_a_prototype() -> None:
    """ASVS 15.3.6: `one[name][other] = value` with names that were sent, or a prototype by name."""
    reach = re.compile(r"__proto__|setPrototypeOf|\.prototype\b|\]\s*\[[^\]]+\]\s*=[^=]")
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))
    assert scripts
    assert [file.name for file in scripts if reach.search(file.read_text())] == []
