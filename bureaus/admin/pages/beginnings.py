"""What a new page begins with: nothing, a template filled in a form, or a copy of another page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bureaus.admin.core import access
from bureaus.admin.core.choices import known
from bureaus.admin.core.cleaning import clean_line, clean_lines, parse_key
from bureaus.models import PARTS, Answer, Contact, Edition, Kind, Part, Seal
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.page_templates import BUILT_IN, BuiltInTemplate
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.placeholders import filled, filled_line, names_in
from bureaus.text.rich_text import clean_body

COPIED = ("title_reading", "title_english", "lead", "body", "category")
HIDDEN = (
    "このページには表示を止めている内容があるので、いまはコピーできません。"
    "消去するかどうかが決まってから、コピーしてください。"
)
OWN = "ひな型："  # with which the title of a draft begins that a branch keeps as a template
MOST_OWN = 20
CONTACT_LABELS = {"contact_name": "課・担当", "contact_phone": "電話", "contact_email": "メール"}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """`fields` are shown in the form; `content` and `parts` go into the first draft."""

    words: str = ""  # what it is, on the form
    key: str = ""  # of the template
    copied: int = 0  # the page
    title: str = ""  # proposed
    example: str = ""
    fields: tuple[Field, ...] = ()
    contact: tuple[Field, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[type[Part], Iterable[Part]] = field(default_factory=dict)


def beginning_of(request: HttpRequest, kind: Kind) -> Beginning:
    """
    Read what the form was opened with. At most 6 queries.

    Raises Blocked, or Edition.DoesNotExist for a page to copy that the officer may not read.
    """
    if key := parse_key(clean_line(request, "copy")):
        return copy_of(request, key)
    sent = clean_line(request, "template")
    template = next((each for each in templates_for(kind) if each.key == sent), None)
    return from_template(request, template) if template else Beginning()


def templates_for(kind: Kind) -> list[BuiltInTemplate]:
    return [each for each in BUILT_IN if each.kind == kind]


def from_template(request: HttpRequest, template: BuiltInTemplate) -> Beginning:
    names = names_in(template.lead, template.body)
    answers = answers_for(request, names)
    contact = {name: clean_line(request, name) for name in CONTACT_LABELS}
    return Beginning(
        words=f"ひな型「{template.name}」から",
        key=template.key,
        example=template.example,
        fields=fields_of(names, answers),
        contact=tuple(Field(name, label, contact[name]) for name, label in CONTACT_LABELS.items()),
        content={
            "category": template.category,
            "lead": filled_line(template.lead, answers),
            "body": filled_body(template.body, answers),
        },
        parts={Contact: list(contacts(contact))},
    )


def answers_for(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    return {name: clean_lines(request, f"fill-{place}") for place, name in enumerate(names)}


def fields_of(names: Iterable[str], answers: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(Field(f"fill-{place}", name, answers[name]) for place, name in enumerate(names))


def filled_body(body: str, answers: Mapping[str, str]) -> str:
    return normalize_html(clean_body(filled(body, answers)).html) if answers else body


def contacts(typed: Mapping[str, str]) -> Iterable[Contact]:
    if any(typed.values()):
        yield Contact(
            name=typed["contact_name"][:200] or "お問い合わせ先",
            phone=typed["contact_phone"][:40],
            email=typed["contact_email"],
        )


def copy_of(request: HttpRequest, key: int) -> Beginning:
    """Copy the newest text of a page that the officer may read, its placeholders filled in."""
    texts = Edition.objects.filter(known(access.request_grants(request)), page=key)
    source = texts.filter(answer__in=[Answer.CURRENT, Answer.ARCHIVED]).order_by("-number").first()
    if source is None:
        raise Edition.DoesNotExist
    if Seal.objects.hiding(timezone.now()).filter(page=key).exists():
        raise Blocked([Blocker(BlockerCode.SOURCE, HIDDEN)])
    names = names_in(source.lead, source.body)
    answers = answers_for(request, names)
    copied = {name: getattr(source, name) for name in COPIED}
    is_template = source.title.startswith(OWN)
    return Beginning(
        words=f"「{source.title}」をコピーして",
        copied=key,
        title="" if is_template else source.title,
        example=source.title.removeprefix(OWN) if is_template else "",
        fields=fields_of(names, answers),
        content={
            **copied,
            "lead": filled_line(source.lead, answers),
            "body": filled_body(source.body, answers),
        },
        parts={model: list(model.objects.filter(edition=source)) for model in PARTS},
    )


def own_templates(grants: Grants, kinds: Iterable[Kind]) -> list[tuple[int, str]]:
    """Return the pages and names of the drafts that the officer's branches keep as templates."""
    rows = (
        Edition.objects.open()
        .placed(timezone.now())
        .filter(grants.in_branches(is_placed=True), page__kind__in=kinds, title__startswith=OWN)
        .order_by("title", "page")
        .values_list("page", "title")
    )
    return [(page, title.removeprefix(OWN)) for page, title in rows[:MOST_OWN]]
