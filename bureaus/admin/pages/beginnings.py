"""What a new page begins with: nothing, a template filled in a form, or a copy of another page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone

from bureaus.admin.core import access
from bureaus.admin.core.choices import known
from bureaus.admin.core.cleaning import clean_line, clean_lines, parse_key
from bureaus.models import PARTS, Answer, Contact, Document, Edition, Kind, Part, Seal
from bureaus.models.seals import of_hidden_document
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode
from bureaus.publishing.page_templates import BUILT_IN, BuiltInTemplate
from bureaus.reading.hidden import uses_hidden_files
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.placeholders import filled, filled_line, names_in
from bureaus.text.rich_text import BodyTooHeavy, clean_body, strip_invisible

OF_TITLE = ("title_reading", "title_english")
COPIED = (*OF_TITLE, "lead", "body", "category")
HIDDEN = (
    "このページには表示を止めている内容があるので、いまはコピーできません。"
    "消去するかどうかが決まってから、コピーしてください。"
)
OWN_PREFIX = "ひな型："  # with which the title of a draft begins that a branch keeps as a template
TEMPLATES_SHOWN = 20
CHANGED = (
    "開いたあとに、もとのひな型かページの内容が変わったので、まだ追加していません。"
    "書いたものは残っています。欄と内容を確かめて、もう一度「追加する」を押してください。"
)
LEFT_OVER = "{}（いまのもとの内容にない欄です。要るところは、ほかの欄に移してください）"
ANSWER = "fill-"  # with which the name of the input of a placeholder begins
EMAIL_LENGTH = 254  # characters
CONTACT_LABELS = {"contact_name": "課・担当", "contact_phone": "電話", "contact_email": "メール"}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """`fields` are shown in the form; `content` and `parts` go into the first draft."""

    label: str = ""  # what it is, on the form
    key: str = ""  # of the template
    kind: Kind | None = None  # of the template
    copied: int = 0  # the page
    source: str = ""  # which text it begins with, to be sent with the form
    blockers: tuple[Blocker, ...] = ()  # against what was sent
    title: str = ""  # proposed
    example: str = ""
    fields: tuple[Field, ...] = ()
    contact: tuple[Field, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[type[Part], Iterable[Part]] = field(default_factory=dict)

    def content_under(self, title: str) -> dict[str, Any]:
        """Return the content; reading and translation of the title only under the same title."""
        left_out = () if title == self.title else OF_TITLE
        return {name: text for name, text in self.content.items() if name not in left_out}


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
    source = digest(template.lead, template.body)
    body, blockers = filled_body(template.body, answers)
    return Beginning(
        label=f"ひな型「{template.name}」から作ります。",
        key=template.key,
        kind=template.kind,
        source=source,
        blockers=(*changed(request, source, names), *contact_blockers(contact), *blockers),
        example=template.example,
        fields=fields_of(request, answers),
        contact=tuple(Field(name, label, contact[name]) for name, label in CONTACT_LABELS.items()),
        content={
            "category": template.category,
            "lead": filled_line(template.lead, answers),
            "body": body,
        },
        parts={Contact: list(contacts(contact))},
    )


def digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def changed(request: HttpRequest, source: str, names: Iterable[str]) -> Iterator[Blocker]:
    """Refuse a form that was opened with another text than it would be filled into."""
    sent = clean_line(request, "source")
    if request.method == "POST" and sent != source and (sent or names):
        yield Blocker(BlockerCode.STALE, CHANGED)


def answers_for(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """Return the answers by the names of their placeholders, whose places may change."""
    return {name: clean_lines(request, input_name(name)) for name in names}


def input_name(name: str) -> str:
    return ANSWER + " ".join(name.split())


def fields_of(request: HttpRequest, answers: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the fields, and those of the opened form that the text has no more but are filled."""
    fields = [Field(input_name(name), name, answer) for name, answer in answers.items()]
    known_names = {each.name for each in fields}
    left = [name for name in request.POST if name.startswith(ANSWER) and name not in known_names]
    for name in left:
        if typed := clean_lines(request, name):
            label = LEFT_OVER.format(strip_invisible(name.removeprefix(ANSWER)))
            fields.append(Field(name, label, typed))
    return tuple(fields)


def filled_body(body: str, answers: Mapping[str, str]) -> tuple[str, tuple[Blocker, ...]]:
    """Return the body with the answers; `body` and why where they make it too large."""
    if not answers:
        return body, ()
    try:
        return normalize_html(clean_body(filled(body, answers)).html), ()
    except BodyTooHeavy as error:
        return body, (Blocker(BlockerCode.LONG, str(error)),)


def contact_blockers(typed: Mapping[str, str]) -> Iterator[Blocker]:
    email = typed["contact_email"]
    if len(email) > EMAIL_LENGTH:
        yield Blocker(
            BlockerCode.NAME,
            f"連絡先のメールが{len(email)}文字あります。{EMAIL_LENGTH}文字以内にしてください。",
        )
    elif email and not is_email(email):
        yield Blocker(
            BlockerCode.NAME,
            f"連絡先のメール「{email}」は、メールアドレスの形ではありません。"
            "「name@example.go.jp」のように書くか、空けてください。",
        )


def is_email(typed: str) -> bool:
    try:
        validate_email(typed)
    except ValidationError:
        return False
    return True


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
    if hides_something(source):
        raise Blocked([Blocker(BlockerCode.SOURCE, HIDDEN)])
    names = names_in(source.lead, source.body)
    answers = answers_for(request, names)
    copied = {name: getattr(source, name) for name in COPIED}
    stored = f"{source.pk}-{source.revision}"
    is_template = source.title.startswith(OWN_PREFIX)
    body, blockers = filled_body(source.body, answers)
    return Beginning(
        label=f"「{source.title}」をコピーして作ります。",
        copied=key,
        source=stored,
        blockers=(*changed(request, stored, names), *blockers),
        title="" if is_template else source.title,
        example=source.title.removeprefix(OWN_PREFIX) if is_template else "",
        fields=fields_of(request, answers),
        content={
            **copied,
            "lead": filled_line(source.lead, answers),
            "body": body,
        },
        parts={model: list(model.objects.filter(edition=source)) for model in PARTS},
    )


def hides_something(source: Edition) -> bool:
    """
    Return whether an urgent seal hides anything of the page of `source`, or a file that it uses.

    A copy would show it again. 1 to 3 queries.
    """
    if Seal.objects.hiding(timezone.now()).filter(page=source.page_id).exists():
        return True
    documents = Document.objects.filter(of_hidden_document(""))
    linked = (f'"{document.get_absolute_url()}' in source.body for document in documents)
    return any(linked) or Edition.objects.filter(uses_hidden_files(), pk=source.pk).exists()


def own_templates(grants: Grants, kinds: Iterable[Kind]) -> list[tuple[int, str, str]]:
    """Return page, name and kind of the drafts that the branches keep as templates."""
    rows = (
        Edition.objects.open()
        .placed(timezone.now())
        .filter(
            grants.in_branches(is_placed=True), page__kind__in=kinds, title__startswith=OWN_PREFIX
        )
        .order_by("title", "page")
        .values_list("page", "title", "page__kind")
    )
    return [
        (page, title.removeprefix(OWN_PREFIX), kind) for page, title, kind in rows[:TEMPLATES_SHOWN]
    ]
