"""The properties of a document, their effect on readers and the remedies."""

from collections.abc import Iterator
from dataclasses import dataclass

from bureaus.models import Document
from bureaus.text.formatting import FORMS, file_size
from bureaus.uploads.advice import HTML_FIRST, NEEDS_A_PROGRAM, NO_LANGUAGE, NO_TEXT, NOT_TAGGED

LANGUAGES = {"ja": "日本語", "en": "英語", "zh": "中国語", "ko": "韓国語"}
NOT_READ = "調べていません"
TABLE_IS_OPEN = "機械でも読める形式です。見出しと説明は、ページの本文に書いてください。"
ADVICE = {"csv": TABLE_IS_OPEN, "pdf": HTML_FIRST}


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a document. `is_fault` where it excludes readers."""

    name: str
    value: str
    advice: str = ""
    is_fault: bool = False


def marks_of(document: Document) -> tuple[str, ...]:
    """Return the marks of a document in the list: without text, or else without tags."""
    if document.has_text is False:
        return ("文字なし",)
    return ("タグなし",) if document.is_tagged is False else ()


def facts_of(document: Document) -> list[Fact]:
    return list(iterate_facts(document))


def iterate_facts(document: Document) -> Iterator[Fact]:
    suffix = document.address.rpartition(".")[2].lower()
    name = f"{FORMS.get(suffix, suffix.upper())}形式"
    yield Fact("形式", name, ADVICE.get(suffix, NEEDS_A_PROGRAM))
    yield Fact("大きさ", file_size(document.byte_size))
    if document.page_count:
        yield Fact("ページ数", f"{document.page_count}ページ")
    if suffix == "pdf":
        yield language_of(document)
        yield tags_of(document)
        yield text_of(document)


def language_of(document: Document) -> Fact:
    code = document.language
    if not code:
        return Fact("言語", "指定なし", NO_LANGUAGE, is_fault=True)
    name = LANGUAGES.get(code.partition("-")[0].lower(), code)
    return Fact("言語", name, "読み上げソフトは、この言語の発音で読みます。")


def tags_of(document: Document) -> Fact:
    if document.is_tagged is None:
        return Fact("構造のタグ", NOT_READ)
    if not document.is_tagged:
        return Fact("構造のタグ", "なし", NOT_TAGGED, is_fault=True)
    return Fact("構造のタグ", "あり", "見出しや表の順番が、読み上げソフトに伝わります。")


def text_of(document: Document) -> Fact:
    if document.has_text is None:
        return Fact("文字の情報", NOT_READ)
    if not document.has_text:
        return Fact("文字の情報", "なし", NO_TEXT, is_fault=True)
    return Fact("文字の情報", "あり", "読み上げと検索ができます。")
