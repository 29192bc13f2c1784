"""What takes the place of something that was sealed: pure functions."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import Any

from bureaus.text.formatting import japanese_date
from bureaus.text.html_tree import without_tags
from bureaus.text.rich_text import sanitise

WITHDRAWN_TITLE = "(Title withdrawn)"
STANDING = re.compile(
    r"（公開を取りやめた(?:表題|内容|部分|場所|文字|連絡先|文書)）|"
    + re.escape(WITHDRAWN_TITLE)
    + r"|は、.{1,20}に、.{1,200}の決定により、.{1,40}、公開を取りやめました。"
)
LEAST = 2  # characters: a shorter text is in too many others


def sealed_sentence(what: str, day: date | datetime, decider: str, ground: str) -> str:
    """Return the public sentence about `what`: which day, whose decision, on what ground."""
    return (
        f"{what}は、{japanese_date(day)}に、{decider}の決定により、{ground}、公開を取りやめました。"
    )


def hidden_sentence(day: date | datetime, decider: str, ground: str) -> str:
    """Return the public sentence about what is hidden until a second approver has decided."""
    return (
        f"この内容は、{japanese_date(day)}に、{decider}の決定により、{ground}、表示を止めています。"
    )


def is_tombstone(text: str) -> bool:
    """Return whether the text is empty, or says that something was sealed."""
    return not text or bool(STANDING.search(text))


def short_form(what: str) -> str:
    """Return the form for a line, where the whole sentence would be too long."""
    return f"（公開を取りやめた{what}）"


def without_passage(text: str, passage: str, mark: str, limit: int | None = None) -> str:
    """Return `text` with `mark` for each `passage`; `mark` alone where that is too long."""
    replaced = text.replace(passage, mark)
    return mark if limit is not None and len(replaced) > limit else replaced


def body_without_passage(body: str, passage: str, mark: str) -> str:
    """Return the sanitised body with `mark` for each `passage`, given as it is read."""
    forms = {escape(passage, quote=False), escape(passage), passage}
    ordered = sorted((form for form in forms if "<" not in form), key=len, reverse=True)
    pieces, end = [], 0
    for found in re.finditer("|".join(map(re.escape, ordered)), without_tags(body)):
        pieces += [body[end : found.start()], mark]
        end = found.end()
    return sanitise("".join([*pieces, body[end:]])) if pieces else body


def with_paragraph(body: str, sentence: str) -> str:
    """Return the body with the sentence as its last paragraph, once."""
    paragraph = f"<p>{escape(sentence, quote=False)}</p>"
    return body if paragraph in body else f"{body}{paragraph}"


def without_texts(value: Any, texts: Iterable[str], mark: str) -> Any:
    """Return the JSON value with `mark` for each of `texts`, the longest first, in any string."""
    ordered = sorted({text for text in texts if len(text) >= LEAST}, key=len, reverse=True)
    return replaced_in(value, ordered, mark)


def replaced_in(value: Any, texts: list[str], mark: str) -> Any:
    match value:
        case str():
            for text in texts:
                for written in (text, escape(text, quote=False)):
                    value = value.replace(written, mark)
            return value
        case list():
            return [replaced_in(each, texts, mark) for each in value]
        case dict():
            return {name: replaced_in(each, texts, mark) for name, each in value.items()}
        case _:
            return value
