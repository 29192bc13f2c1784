"""All screens of the admin are in Japanese, also where a library has no translation."""

import ast
import gettext
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import gettext as translated
from lxml.html import HtmlElement, document_fromstring

from bureaus.models import AuditEntry
from tests.helpers.japanese import foreign_words, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
FOLDER = Path(settings.LOCALE_PATHS[0]) / "ja" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
PACKAGES = ("axes", "csp", "django_otp", "treebeard", "django_prose_editor")

TRANSLATE = re.compile(r"""\{% *trans(?:late)? +(["'])(.*?)\1""")

# The catalogues


def parsed(path: Path) -> dict[str, str]:
    """A .po file as a .mo has it: the plural forms are one entry, as Japanese has one form."""
    found: dict[str, str] = {}
    for block in path.read_text().split("\n\n"):
        entry: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if match := re.fullmatch(r'(msgid|msgid_plural|msgstr(?:\[0\])?) (".*")', line):
                keyword, text = match[1].removesuffix("[0]"), match[2]
                entry[keyword] = ast.literal_eval(text)
            elif line.startswith('"'):
                entry[keyword] += ast.literal_eval(line)
        if "msgid" in entry:
            assert entry["msgid"] not in found, entry["msgid"]
            found[entry["msgid"]] = entry["msgstr"]
    return found


def compiled(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key[0] if isinstance(key, tuple) else key: text for key, text in catalogue.items()}


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_compiled_is_what_is_written(domain: str) -> None:
    written, ready = parsed(FOLDER / f"{domain}.po"), compiled(FOLDER / f"{domain}.mo")
    del written[""], ready[""]
    assert ready == written, f"run: msgfmt -o {domain}.mo {domain}.po"


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_says_something_with_the_same_blanks(domain: str) -> None:
    blanks = re.compile(r"%\(\w+\)[sd]|%s|\{\d\}")
    for original, text in parsed(FOLDER / f"{domain}.po").items():
        if original:
            assert text.strip()
            assert sorted(blanks.findall(original)) == sorted(blanks.findall(text)), original


def folder_of(package: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def words_in_code(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if re.fullmatch(r"_|n?gettext(_lazy)?", name):
                    yield str(node.args[0].value)


def words_in_templates(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.html"):
        text = path.read_text()
        yield from (words for _, words in TRANSLATE.findall(text))
        for block in re.findall(r"\{% *blocktrans[^%]*%\}(.*?)\{% *end", text, re.DOTALL):
            yield re.sub(r"\{\{ *(\w+) *\}\}", r"%(\1)s", block)


def words_in_scripts(folder: Path) -> Iterator[str]:
    """`name=window.gettext||…` is how a packed script calls it, or `gettext` itself."""
    for path in folder.rglob("*.js"):
        text = path.read_text()
        names = ["gettext", *re.findall(r"(\w+)=window\.gettext\|\|", text)]
        for name in names:
            calls = rf"\b{name}\((?:\"([^\"]+)\"|'([^']+)')\)"
            yield from ("".join(found) for found in re.findall(calls, text))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_word_of_a_library_is_left_without_japanese(package: str) -> None:
    folder = folder_of(package)
    server = {*words_in_code(folder), *words_in_templates(folder)}
    assert {word for word in server if word not in parsed(FOLDER / "django.po")} == set()
    scripts = set(words_in_scripts(folder))
    assert {word for word in scripts if word not in parsed(FOLDER / "djangojs.po")} == set()


def test_the_words_are_looked_for_where_they_are() -> None:
    assert "Access Attempt" in set(words_in_code(folder_of("axes")))
    assert "OTP Token:" in set(words_in_templates(folder_of("django_otp")))
    assert "Insert Table" in set(words_in_scripts(folder_of("django_prose_editor")))


def test_the_site_takes_the_words_from_there(operator_client: Client) -> None:
    assert translated("Can't move node to a descendant.") == (
        "自分の下にあるページの下へは移動できません。"
    )
    script = operator_client.get("/admin/jsi18n/").content.decode()
    assert r"\u8868\u3092\u5165\u308c\u308b" in script or "表を入れる" in script


# The pages: those of each address are read in tests/admin/test_walk.py


def read(client: Client, address: str, data: dict[str, str] | None = None) -> HtmlElement | None:
    return html_of(client.post(address, data) if data is not None else client.get(address))


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (
            "/admin/password_change/",
            {"old_password": "x", "new_password1": "1", "new_password2": "2"},
        ),
        ("/admin/auth/user/add/", {"username": "あ い", "password1": "1", "password2": "2"}),
        ("/admin/second-factor/set-up/", {"code": "x"}),
        ("/admin/bureaus/people/", {"name": "あ い", "role": "x", "password": "1", "again": "2"}),
        ("/admin/bureaus/words/", {"words": "地デジ", "group": "7", "do": "save"}),
        ("/admin/logout/", {}),
    ],
)
def test_what_a_form_answers_to_wrong_words_is_in_japanese(
    operator_client: Client, address: str, data: dict[str, str]
) -> None:
    page = read(operator_client, address, data)
    assert page is None or foreign_words(page) == set()


def test_the_login_and_its_refusal_are_in_japanese(citizen: Client) -> None:
    for data in (None, {"username": "だれか", "password": "x"}, {}):
        page = read(citizen, "/admin/login/", data)
        assert page is not None
        assert foreign_words(page) == set()


def test_an_account_and_its_history_are_in_japanese(
    operator_client: Client, operator: User
) -> None:
    address = f"/admin/auth/user/{operator.pk}/"
    sent = {"username": "田中", "is_staff": "on", "is_active": "on", "is_superuser": "on"}
    assert operator_client.post(f"{address}change/", sent).status_code == 302
    for rest in ("change/", "history/", "password/"):
        page = read(operator_client, address + rest)
        assert page is not None
        assert foreign_words(page) == set(), rest
    assert not AuditEntry.objects.exists()


def test_an_english_word_would_be_found() -> None:
    page = document_fromstring(
        "<p>表の<b>Toggle</b></p><input aria-label='Search'><input type=submit value='Go'>"
        "<script>let hidden</script><a href='/x/'>/en/sosiki/</a>URL"
    )
    assert foreign_words(page) == {"Toggle", "Search", "Go"}


def test_only_a_page_is_read() -> None:
    read = html_of(HttpResponse("<p>Toggle</p>"))
    assert read is not None
    assert foreign_words(read) == {"Toggle"}
    assert html_of(HttpResponse("Toggle", content_type="text/csv")) is None
    assert html_of(HttpResponse()) is None
