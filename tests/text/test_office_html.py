"""HTML pasted from word processors: deletions, hidden text and comments are removed."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st

from bureaus.models import Autosave, Edition
from bureaus.text.html_limits import html_weight
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.rich_text import clean_body, forbidden, sanitise
from tests.helpers.admin_form import address, draft_of, fields_of
from tests.helpers.cast import Site, client_of
from tests.helpers.paths import TEST_DATA

# Also used by the editor's test: tests/browser/test_editor.py.
CASES: list[dict[str, str]] = json.loads((TEST_DATA / "office_html.json").read_text("utf-8"))
# What each program puts on the clipboard; the README there says which wrote theirs themselves.
CLIPBOARD = TEST_DATA / "clipboard"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CLIPBOARD / "expected.json").read_text("utf-8"))
CASES += [
    {
        "name": name,
        "html": (CLIPBOARD / f"{name}.html").read_text("utf-8"),
        "body": "\n".join(expected["body"]),
        "sentence": expected["sentence"],
    }
    for name, expected in EXPECTED.items()
]
WORD = CASES[0]
PIECES = st.lists(
    st.sampled_from(
        """<p> </p> <ul> </ul> <li> </li> <del> </del> <span> </span> <div> </div> <h2> <table>
        <td> <a> </a> <a/href="#x"> <p/style="mso-list:l0&#32;level2"> <style>.a{display:none}
        </style> <i/style="mso-list:Ignore"> </i> <b/class="a"> </b> <!-- --> あ 1. l &nbsp; &lt;
        < " '""".split()
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_remains_of_a_word_processor_are_removed_and_reported(case: dict[str, str]) -> None:
    cleaned = clean_body(case["html"])
    assert normalize_html(cleaned.html) == case["body"]
    assert cleaned.sentence == case["sentence"]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_passage_that_was_dropped_or_changed_is_listed_with_its_kind(name: str) -> None:
    cleaned = clean_body((CLIPBOARD / f"{name}.html").read_text("utf-8"))
    assert [list(each) for each in cleaned.details] == EXPECTED[name]["details"]


@given(PIECES)
def test_cleaning_is_idempotent(html: str) -> None:
    assume(not html_weight(html))
    once = clean_body(html).html
    again = clean_body(once)
    assert (again.html, again.sentence) == (once, "")
    assert sanitise(sanitise(html)) == sanitise(html)
    assert forbidden(once) == []


def test_a_stored_body_is_not_changed_by_the_sanitiser() -> None:
    """An approved edition keeps its body, also with a dead link."""
    body = '<p>注<a href="#_ftn1">[1]</a></p>'
    assert sanitise(body) == body


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


@pytest.fixture
def writer_client(writer: User) -> Client:
    return client_of(writer)


def reported_after(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_writer_without_scripts_reads_what_was_dropped_when_the_draft_is_saved(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    fields = fields_of(draft, writer) | {"body": WORD["html"]}
    response = writer_client.post(address(draft), fields, follow=True)
    assert Edition.objects.get(pk=draft.pk).body == WORD["body"]
    said, saved = reported_after(response)
    assert said.startswith(WORD["sentence"])
    assert "<li><strong>コメント</strong>：[佐藤1]課長に要確認</li>" in said
    assert saved == "下書きを保存しました。"


def test_an_autofix_reports_what_was_removed_from_the_body(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    typed = {
        "body": "<p>㈱の<del>旧</del>会議です。</p>",
        "autofix": "char-dependent ㈱の会議です。",
    }
    response = writer_client.post(address(draft), fields_of(draft, writer) | typed)
    autofixed = response.context["autofixed"]
    assert autofixed.forms.content["body"].value() == "<p>（株）の会議です。</p>"
    assert "消された文字「旧」を取り除きました" in autofixed.sentence


def test_an_autosave_holds_no_remains(writer_client: Client, draft: Edition, writer: User) -> None:
    content = fields_of(draft, writer) | {"body": WORD["html"]}
    sent = json.dumps({"revision": 1, "content": content})
    writer_client.post(address(draft, "edition-autosave"), sent, content_type="application/json")
    kept = Autosave.objects.get().content["body"]
    assert not any(words in kept for words in ("佐藤", "課長", "来年", "大臣"))
    assert "<li>第一の項目" in kept
