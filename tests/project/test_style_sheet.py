"""The style sheet: one file a component, collected as one file, without unused rules."""

import re
from pathlib import Path

import pytest

from ministry_site.static_files import bundled
from tests.helpers.paths import ROOT

CSS = ROOT / "static" / "css"
SHEETS = sorted((CSS / "components").glob("*.css"))
PUBLIC = [path for path in CSS.rglob("*.css") if "admin" not in path.parts and path.stem != "login"]
TEMPLATES = ROOT / "templates"


def test_what_is_collected_imports_nothing() -> None:
    text = bundled(CSS / "site.css")
    assert "@import" not in text
    assert "@media print {" in text
    assert "--color-primitive-light-blue-1000:" in text


def test_every_sheet_is_imported_once() -> None:
    imported = re.findall(r'url\("(?:\.\./vendor/dads/)?([^"]+)"\)', (CSS / "site.css").read_text())
    written = {str(path.relative_to(CSS)) for path in PUBLIC}
    assert sorted(imported) == sorted({"tokens.css", *written} - {"site.css"})


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_component_has_a_template_and_a_sheet_of_one_name(sheet: Path) -> None:
    template = (TEMPLATES / "components" / f"{sheet.stem}.html").read_text()
    name = sheet.stem.replace("_", "-")
    assert re.search(rf'class="{name}["_ ]', template)


def test_every_class_in_a_sheet_is_in_a_template_or_added_to_a_text() -> None:
    sheets = "".join(path.read_text() for path in PUBLIC)
    sheets = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", sheets)))
    written = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    used = {name for names in re.findall(r'class="([^"]*)"', written) for name in names.split()}
    assert styled - used - {"table-box", "number", "unit", "css"} == set()


def test_no_sheet_names_a_colour_that_is_no_token() -> None:
    for path in CSS.rglob("*.css"):
        if path.name not in {"login.css", "print.css"}:
            assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", path.read_text()) == [], path.name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_component_refers_to_no_file(sheet: Path) -> None:
    """An address in it would be resolved from the collected sheet, in another folder."""
    assert "url(" not in sheet.read_text()
