"""Hostile texts through every field of the form, by every way in: what is stored is clean."""

import json
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml.html import HtmlElement, fromstring

from bureaus.models import Autosave, Contact, Edition, Figure, Image, Link
from bureaus.publishing import approve, submit
from bureaus.text.rich_text import forbidden, sanitise, strip_invisible
from tests.helpers.admin_form import Fields, address, draft_of, fields_of, row
from tests.helpers.attacks import ATTACKS, HEAVY
from tests.helpers.cast import Site, client_of
from tests.helpers.storms import sample

pytestmark = pytest.mark.one_database

LINES = ("title", "title_reading", "title_english", "lead", "note", "change_note")
# All of them are cleaned; some pass through every field and every way in.
THROUGH_FORMS = sample(ATTACKS, 4)
# All of them are refused before they are parsed (tests/text/test_rich_text.py): some by the forms.
TOO_HEAVY = sample([*HEAVY], 4)
SIGNS = "\u202e\u2066\u200b\x00\x1b"


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


@pytest.fixture
def writer_client(writer: User) -> Client:
    return client_of(writer)


def dangers(html: bytes) -> list[str]:
    """What in a page of ours would run, or lead to where the officer has not sent anybody."""
    return [
        f"{element.tag} {dict(element.attrib)}"
        for element in fromstring(html).iter()
        if is_danger(element)
    ]


def is_danger(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"path", "symbol"}:
        return False
    if element.tag in {"style", "svg", "math", "object", "embed", "video"}:
        return element.get("class") not in {"base-svgs", "emblem"}  # Django's own, and ours
    if element.tag in {"script", "iframe"}:
        is_ours = element.get("src", "").startswith(("/static/", "/admin/"))
        return not (is_ours or element.get("type") == "application/ld+json")
    if element.tag == "base":
        return "href" in element.attrib
    return "http-equiv" in element.attrib or any(is_danger_in(*item) for item in element.items())


def is_danger_in(name: str, value: str) -> bool:
    if name in {"href", "src", "action", "formaction"}:
        return "".join(value.split()).lower().startswith(("javascript:", "data:", "//", "\\"))
    return name.startswith("on") or name in {"style", "srcset", "srcdoc"}


def everywhere(attack: str, image: Image) -> Fields:
    """`attack` in every field that takes words."""
    return {
        **dict.fromkeys(LINES, attack),
        "body": f"<p>本文</p>{attack}",
        **row("figures", 0, image=image.pk, alt=attack, caption=f"図：{attack}"),
        **row("links", 0, text=attack, url="https://example.jp/"),
        **row("contacts", 0, name=attack, phone=attack[:40], fax=attack[:40]),
    }


@pytest.fixture
def image(db: None) -> Image:
    return Image.objects.create(file="images/a.png", width=8, height=6, byte_size=9)


def is_clean(edition: Edition) -> bool:
    parts = [*Figure.objects.filter(edition=edition), *Link.objects.filter(edition=edition)]
    parts += Contact.objects.filter(edition=edition)
    words = [getattr(edition, name) for name in LINES]
    words += [value for part in parts for value in vars(part).values() if isinstance(value, str)]
    return not forbidden(edition.body) and all(word == strip_invisible(word) for word in words)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_cleaned(attack: str) -> None:
    words = attack + SIGNS
    body = sanitise(f"<p>本文</p>{words}")
    assert forbidden(body) == dangers(body.encode()) == []
    assert not set(strip_invisible(words)) & set(SIGNS)


@pytest.mark.parametrize("attack", THROUGH_FORMS)
def test_an_attack_through_every_field_is_stored_clean_and_shown_as_letters(
    writer_client: Client, draft: Edition, writer: User, image: Image, attack: str
) -> None:
    fields = fields_of(draft, writer) | everywhere(attack + SIGNS, image)
    assert writer_client.post(address(draft), fields).status_code == 302
    stored = Edition.objects.get(pk=draft.pk)
    assert is_clean(stored)
    assert Link.objects.get(edition=draft).text
    assert dangers(writer_client.get(address(draft)).content) == []
    preview = address(draft, "edition-preview-typed")
    assert dangers(writer_client.get(preview).content) == []
    approve(editions=[submit(edition=stored, actor=None)], actor=None)
    public = Client(HTTP_HOST="localhost").get(draft.page.url_path)
    assert dangers(public.content) == []
    assert dangers(writer_client.get(address(draft)).content) == [], "read only"


@pytest.mark.parametrize("attack", THROUGH_FORMS)
def test_an_attack_that_is_only_typed_does_nothing_either(
    writer_client: Client, draft: Edition, writer: User, image: Image, attack: str
) -> None:
    fields = fields_of(draft, writer) | everywhere(attack + SIGNS, image)
    assert (
        dangers(writer_client.post(address(draft, "edition-preview-typed"), fields).content) == []
    )
    sent = json.dumps({"revision": 1, "content": fields})
    where = address(draft, "edition-autosave")
    assert writer_client.post(where, sent, content_type="application/json").status_code == 200
    kept = Autosave.objects.get().content
    assert forbidden(kept["body"]) == []
    assert all(value == strip_invisible(value) for value in kept.values())
    assert dangers(writer_client.get(f"{address(draft)}?copy=1").content) == []
    stale = fields | {"revision": "7"}
    conflict = writer_client.post(address(draft), stale)
    assert conflict.status_code == 409
    assert dangers(conflict.content) == []


def ways_in(fields: Fields, draft: Edition) -> Iterator[tuple[str, object, dict[str, str]]]:
    yield address(draft), fields, {}
    yield address(draft, "edition-preview-typed"), fields, {}
    sent = json.dumps({"revision": 1, "content": fields})
    yield address(draft, "edition-autosave"), sent, {"content_type": "application/json"}


def test_a_danger_would_be_seen() -> None:
    assert all(dangers(f"<p>{attack}</p>".encode()) for attack in ATTACKS[:9])


@pytest.mark.parametrize("name", TOO_HEAVY)
def test_what_is_too_heavy_is_refused_with_a_sentence_and_not_parsed(
    writer_client: Client, draft: Edition, writer: User, name: str
) -> None:
    """How long each takes is bounded by what is parsed at all: tests/text/test_rich_text.py."""
    fields = fields_of(draft, writer) | {"body": HEAVY[name], "lead": HEAVY[name]}
    codes = [
        writer_client.post(where, sent, **options).status_code  # type: ignore[arg-type]
        for where, sent, options in ways_in(fields, draft)
    ]
    assert codes[:2] == [422, 200]
    assert codes[2] in {200, 413}
    refused = writer_client.post(address(draft), fields)
    assert refused.context["forms"].content.errors.keys() >= {"body", "lead"}
    assert Edition.objects.get(pk=draft.pk).revision == draft.revision
