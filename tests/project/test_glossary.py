"""docs/glossary.md: every model, action and kind of blocker has its line."""

import ast
import re

from django.apps import apps

from bureaus.models import Action
from bureaus.publishing.blockers.blocker import BlockerCode
from tests.helpers.paths import ROOT

GLOSSARY = (ROOT / "docs/glossary.md").read_text()
ROW = re.compile(r"^\| (?P<term>[^|]+) \|(?P<rest>.*)\|$", re.MULTILINE)
HEADS = ("in the code", "`Action`", "`BlockerCode`", "---")


def section(title: str) -> str:
    return GLOSSARY.split(f"\n## {title}\n")[1].split("\n## ")[0]


def names(text: str) -> list[str]:
    """The names in code style in the first column of the tables of `text`."""
    rows = [match["term"] for match in ROW.finditer(text) if match["term"] not in HEADS]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_every_model_is_in_the_glossary() -> None:
    models = {model.__name__ for model in apps.get_app_config("bureaus").get_models()}
    assert models - set(names(GLOSSARY)) == set()


def test_every_action_is_in_the_glossary_as_it_is_on_screen() -> None:
    table = section("Actions and records").split("| `Action` |")[1]
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|", table, re.MULTILINE)
    assert rows == [(str(action.value), str(action.label)) for action in Action]


def test_every_kind_of_blocker_is_in_the_glossary() -> None:
    assert sorted(names(section("Blockers"))) == sorted(BlockerCode)


def test_every_class_that_the_glossary_names_exists() -> None:
    named = {name for name in names(GLOSSARY) if name[0].isupper() and not name.isupper()}
    trees = (ast.parse(file.read_text()) for file in (ROOT / "bureaus").rglob("*.py"))
    nodes = [node for tree in trees for node in ast.walk(tree)]
    defined = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    assigned = {node.id for node in nodes if isinstance(node, ast.Name)}
    assert named - defined - assigned == set()
