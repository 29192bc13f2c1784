"""Reserved names, environment variables and links of the documents: what can drift."""

import re
import subprocess

from django.urls import get_resolver

from bureaus.models.addresses import RESERVED_SLUGS
from bureaus.models.kinds import CATEGORIES_OF, KINDS_UNDER, Kind
from tests.helpers.paths import ROOT

# Addresses that no URL pattern of bureaus answers, and that stay reserved.
RESERVED_WITHOUT_PATTERN = {"static", "metrics"}
# /a/index.json is the JSON of /a/, so nothing below a page can be called index.
FORMS = {"index"}


def first_names() -> set[str]:
    """The first plain name in every URL pattern of the site."""
    patterns = [
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
        if str(resolver.pattern) == ""
    ]
    names = {
        name for text in patterns for name in re.findall(r"(?:^|[)*>])([a-z]+)(?=/|\(|$)", text)
    }
    return names | {"admin"}


def test_no_slug_can_take_the_name_of_an_address_that_is_no_page() -> None:
    assert first_names() | RESERVED_WITHOUT_PATTERN | FORMS == RESERVED_SLUGS


def test_every_kind_has_a_rule_of_parents_and_its_categories() -> None:
    assert set(KINDS_UNDER) == set(CATEGORIES_OF) == set(Kind)
    assert all(CATEGORIES_OF[kind] for kind in Kind)


def test_the_manual_lists_every_environment_variable() -> None:
    files = [ROOT / "ministry_site" / name for name in ("settings.py", "publisher.py")]
    text = "".join(file.read_text() for file in files)
    variables = set(re.findall(r'(?:read|flag|number|folder)\(\s*"([A-Z_]+)"', text))
    documented = (ROOT / "docs" / "operations.md").read_text()
    assert variables
    assert {name for name in variables if f"`{name}`" not in documented} == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_repository_names_no_machine_and_no_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tracked = [path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file()]
    words = ["/" + "root/", "/" + "work/", "pypi" + ".org", "npmjs" + ".org"]
    for path in tracked:
        text = path.read_text(errors="ignore")
        assert [word for word in words if word in text] == [], path
