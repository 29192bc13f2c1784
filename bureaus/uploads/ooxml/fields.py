"""Fields of Word: an allow list of instructions, as some load files or start programs."""

import re

from bureaus.uploads.link_addresses import is_allowed_address, quoted
from bureaus.uploads.ooxml.dangers import BY_FIELD, danger
from bureaus.uploads.ooxml.relationships import refuse_address

ALLOWED = frozenset(
    "= ADDIN ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BARCODE BIBLIOGRAPHY BIDIOUTLINE CITATION"
    " COMMENTS COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EMBED EQ"
    " FILENAME FILESIZE FOOTNOTEREF FORMCHECKBOX FORMDROPDOWN FORMTEXT HYPERLINK IF INDEX INFO"
    " KEYWORDS LASTSAVEDBY LISTNUM MERGEBARCODE MERGEFIELD NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE"
    " PAGEREF PRINTDATE PRIVATE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE STYLEREF"
    " SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC XE".split()
)
NESTED = "\0"  # stands for a field inside the instruction of another
WORDS = re.compile(r'"(?:\\.|[^"\\])*"|\S+')
SWITCHES_WITH_WORD = frozenset({r"\l", r"\o", r"\t", r"\s", r"\*"})


def refuse_instruction(instruction: str, place: str) -> None:
    """Raise InvalidUpload where it is not allowed, or its name comes from a nested field."""
    text = instruction.strip()
    if not text:
        return
    name = "=" if text[0] == "=" else re.split(r'[\s"\\]', text, maxsplit=1)[0].upper()
    if name not in ALLOWED:
        shown = name.replace(NESTED, " ").strip() or "ほかのフィールドで組み立てた指示"
        raise danger(f"フィールド{quoted(shown)}", place, BY_FIELD)
    if name == "HYPERLINK":
        refuse_link(text[len(name) :], place)


def refuse_link(words: str, place: str) -> None:
    """Raise InvalidUpload for a forbidden address; after a switch stand bookmarks and frames."""
    found = iter(WORDS.findall(words))
    for word in found:
        if word.lower() in SWITCHES_WITH_WORD:
            next(found, None)
        elif NESTED in word:
            raise danger("ほかのフィールドで組み立てたリンク先", place, BY_FIELD)
        elif not word.startswith("\\") or is_path(word):
            refuse_address(word.strip('"'), place)


def is_path(word: str) -> bool:
    r"""Return whether it is an address like `\\host\a` and no switch, `\` and a character."""
    return len(word) > 2 and not is_allowed_address(word)  # noqa: PLR2004


class Fields:
    """The fields of one part, from their beginnings, instructions and ends."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.open: list[list[str]] = []  # the instructions that have begun
        self.is_code: list[bool] = []
        self.loose: list[str] = []  # text outside of fields

    @property
    def wants_text(self) -> bool:
        """Whether plain text is part of an instruction here."""
        return bool(self.is_code) and self.is_code[-1]

    def mark(self, kind: str) -> None:
        """Take the beginning, the middle or the end of a field. Raises InvalidUpload."""
        if kind == "begin":
            if self.wants_text:
                self.open[-1].append(NESTED)
            self.open.append([])
            self.is_code.append(True)
        elif kind == "separate" and self.is_code:
            self.is_code[-1] = False
        elif kind == "end" and self.open:
            self.is_code.pop()
            refuse_instruction("".join(self.open.pop()), self.place)

    def add(self, text: str) -> None:
        (self.open[-1] if self.open else self.loose).append(text)

    def finish(self) -> None:
        """Check the fields that were never ended. Raises InvalidUpload."""
        for instruction in (*self.open, self.loose):
            refuse_instruction("".join(instruction), self.place)
