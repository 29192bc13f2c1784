"""What changed from one edition to another, field by field: all that they say, and its markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from bureaus.models import Answer, Category, Contact, Edition, Figure, Link
from bureaus.text.differences import Pair, compare
from bureaus.text.formatting import japanese_date
from bureaus.text.html_tree import Node, parse_tree

NEAR = 1  # unchanged lines shown before and after a change
# How the markup of a body is read: what is inside a line, and what stands before or after it.
OPENING = {
    "h3": "【見出し】",
    "h4": "【小見出し】",
    "li": "・",
    "blockquote": "【引用】",
    "caption": "【表の題】",
    "th": "【見出しのセル】",
    "strong": "〈強調〉",
    "em": "〈強勢〉",
    "rt": "（",
}
CLOSING = {"strong": "〈/強調〉", "em": "〈/強勢〉", "rt": "）"}
INLINE = frozenset({"a", "em", "rb", "rp", "rt", "ruby", "strong"})


@dataclass(frozen=True, slots=True)
class Same:
    """Lines that are the same in both and are not shown."""

    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """`rows`: the changed lines with what stands near them; of a field that is the same, all."""

    label: str
    rows: tuple[Pair | Same, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class EditionDifferences:
    fields: tuple[Field, ...]
    is_markup_only: bool = False  # words and links are the same, and the body's HTML is not

    @property
    def changed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_changed)

    @property
    def unchanged(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_changed)


def edition_differences(older: Edition | None, newer: Edition) -> EditionDifferences:
    """
    Between two editions from `editions.whole`, without a query; of the first one, all is new.

    A field that is empty in both is left out.
    """
    before = dict(lines_of_fields(older)) if older else {}
    fields = []
    for label, lines in lines_of_fields(newer):
        old = before.get(label, [])
        if old or lines:
            fields.append(field_of(label, compare(old, lines)))
    is_changed = any(field.is_changed for field in fields)
    has_other_markup = older is not None and older.body != newer.body
    return EditionDifferences(tuple(fields), has_other_markup and not is_changed)


def field_of(label: str, pairs: Sequence[Pair]) -> Field:
    is_changed = any(pair.is_changed for pair in pairs)
    return Field(label, tuple(condensed(pairs)) if is_changed else tuple(pairs), is_changed)


def condensed(pairs: Sequence[Pair]) -> Iterable[Pair | Same]:
    """The changes, and one line around each: what is the same at length is only counted."""
    changes = [number for number, pair in enumerate(pairs) if pair.is_changed]
    shown = {near for number in changes for near in range(number - NEAR, number + NEAR + 1)}
    skipped = 0
    for number, pair in enumerate(pairs):
        if number in shown:
            if skipped:
                yield Same(skipped)
            skipped = 0
            yield pair
        else:
            skipped += 1
    if skipped:
        yield Same(skipped)


def lines_of_fields(edition: Edition) -> list[tuple[str, list[str]]]:
    """
    Every field and part that the public reads, under its label, in the order of the form.

    What has been changed is said of each edition, and is no part of its text.
    """
    target = edition.moved_to
    issued_on = edition.issued_on
    return [
        ("表題", lines(edition.title)),
        ("表題のよみ", lines(edition.title_reading)),
        ("表題（英語）", lines(edition.title_english)),
        ("要旨", lines(edition.lead)),
        ("本文", body_lines(edition.body)),
        ("図", [line_of_figure(part) for part in edition.figures.all()]),
        ("リンク", [line_of_link(part) for part in edition.links.all()]),
        ("連絡先", [line_of_contact(part) for part in edition.contacts.all()]),
        ("区分", [Category(edition.category).label]),
        ("発表日", [japanese_date(issued_on)] if issued_on else []),
        ("このページの扱い", [Answer(edition.answer).label]),
        ("掲載終了・移転・削除のお知らせ", lines(edition.note)),
        ("移転先", [target.url_path] if target else []),
    ]


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def line_of_figure(part: Figure) -> str:
    alt = "装飾の画像" if part.is_decorative else f"代替テキスト：{part.alt or '（なし）'}"
    return "　".join(filter(None, (f"画像{part.image_id}「{part.image}」", alt, part.caption)))


def line_of_link(part: Link) -> str:
    target = part.page.url_path if part.page else str(part.document or part.url)
    return f"{part.text}　→　{target}"


def line_of_contact(part: Contact) -> str:
    words = [part.name]
    for label, value in (("電話", part.phone), ("FAX", part.fax), ("メール", part.email)):
        words += [f"{label} {value}"] if value else []
    return "　".join(words)


def body_lines(html: str) -> list[str]:
    """A line for each paragraph, heading, item or cell, with its markup and links in words."""
    lines = (" ".join(line.split()) for line in described(parse_tree(html)).split("\n"))
    marks = set(OPENING.values())
    return [line for line in lines if line and line not in marks]


def described(node: Node) -> str:
    """Return the text of `node` with words for its markup, and a line break around blocks."""
    if isinstance(node, str):
        return " ".join(unescape(node).split("\n"))
    inner = "".join(map(described, node.children))
    address = f"［{node.value('href')}］" if node.tag == "a" else ""
    text = f"{OPENING.get(node.tag, '')}{inner}{CLOSING.get(node.tag, '')}{address}"
    return text if node.tag in INLINE else f"\n{text}\n"
