"""The documents: every file and function that they name exists."""

import ast
import re
import tomllib

import pytest

from tests.helpers.paths import ROOT

HOP = re.compile(r"^\| `([\w/.]+)` \| (?:`([\w.]+)`)? ?\|", re.MULTILINE)
HOPS = HOP.findall((ROOT / "docs/walks.md").read_text())
PATH = re.compile(r"`((?:\w+/)+\w+(?:/|\.(?:py|html|css|js|json|md)))`")
# Paths in the documents are those of the repository, or leave `bureaus/` out.
FOLDERS = (ROOT, ROOT / "bureaus", ROOT / "static")


def defined_names(file: str) -> set[str]:
    """The functions, classes and constants of a module, and the methods of its classes."""
    names = set()
    for node in ast.parse((ROOT / file).read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            methods = (each for each in node.body if isinstance(each, functions))
            names |= {f"{node.name}.{method.name}" for method in methods}
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize(("file", "function"), HOPS)
def test_every_hop_exists(file: str, function: str) -> None:
    assert (ROOT / file).exists()
    if file.endswith(".py"):
        assert function in defined_names(file)


def test_both_walks_are_read() -> None:
    assert [file for file, _ in HOPS if file.startswith("templates/")] == [
        "templates/bureaus/policy_section.html",
        "templates/admin/review/approval.html",
    ]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/adr"])
def test_every_path_in_a_document_exists(document: str) -> None:
    place = ROOT / document
    for file in place.glob("*.md") if place.is_dir() else [place]:
        for path in PATH.findall(file.read_text()):
            found = [folder for folder in FOLDERS if (folder / path).exists()]
            assert found, f"{file.name}: {path}"


def test_the_readme_names_every_package_of_the_layers_once() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers, *_ = settings["tool"]["importlinter"]["contracts"]
    packages = {name for layer in layers["layers"] for name in layer.split(" | ")}
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    named = [name.rstrip("/") for row in rows for name in re.findall(r"`(.*?)`", row)]
    assert [name for name in packages if named.count(name) != 1] == []
