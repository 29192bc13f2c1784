"""The XML of a part, read as a stream: its fields, formulas and addresses."""

import re
from collections.abc import Callable, Container
from typing import IO
from xml.parsers import expat

from bureaus.uploads.invalid_upload import BROKEN
from bureaus.uploads.link_addresses import quoted
from bureaus.uploads.ooxml.content_types import XML
from bureaus.uploads.ooxml.dangers import danger
from bureaus.uploads.ooxml.fields import Fields, refuse_instruction
from bureaus.uploads.ooxml.formulas import refuse_formula, refuse_macro
from bureaus.uploads.ooxml.media import SVG
from bureaus.uploads.ooxml.relationships import refuse_address

CHUNK = 64 * 1024
INSTRUCTIONS = frozenset({"instrText", "delInstrText"})
FORMULAS = frozenset(
    "calculatedColumnFormula definedName f formula formula1 formula2 totalsRowFormula".split()
)
READ = INSTRUCTIONS | FORMULAS | {"c", "t"}
RELATIONSHIP = re.compile(r"rId\w+")  # a name, for which the relationships say the address
MACROS = frozenset({"macro", "fmlaMacro"})
# What a click in a presentation may do; another action starts a program or opens a file.
ACTION = re.compile(
    r"(?:ppaction://(?:noaction|hlinksldjump|hlinkshowjump\?jump="
    r"(?:firstslide|lastslide|nextslide|previousslide|lastslideviewed|endshow)))?",
    re.IGNORECASE,
)
# Their elements lead nowhere by an attribute, and there may be millions.
WITHOUT_ADDRESSES = ("worksheet+xml", "sharedstrings+xml", "pivotcacherecords+xml")
SCRIPTS = frozenset({"script", "foreignObject", "iframe", "embed", "object", "handler"})
PICTURE = re.compile(r"(?:#|data:image/(?:png|jpeg|gif)[;,]).*", re.DOTALL)


def local(name: str) -> str:
    """Return the name without its prefix, which an author may choose."""
    return name[name.rfind(":") + 1 :]


class Reader:
    """A reader of one part on expat's events, by local names: prefixes are arbitrary."""

    def __init__(self, content_type: str, place: str, names: Container[str]) -> None:
        self.place = place
        self.names = names
        self.cell = ""
        self.fields = Fields(place)
        self.is_svg = content_type == SVG
        self.has_formulas = "spreadsheetml" in content_type or "chart" in content_type
        self.has_addresses = content_type not in XML and not content_type.endswith(
            WITHOUT_ADDRESSES
        )
        self.has_actions = "presentationml" in content_type
        self.plain: set[str] = set()  # names of elements that say nothing here, for speed
        self.text: list[str] = []
        self.collected = ""  # the name of the element whose text is being read
        self.depth = 0  # of the elements that have begun in it, and it
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def read(self, stream: IO[bytes]) -> None:
        """Read the part. Raises InvalidUpload, and expat.ExpatError where it is no XML."""
        while chunk := stream.read(CHUNK):
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)
        self.fields.finish()

    def refuse_doctype(self, *_: object) -> None:
        if not self.is_svg:  # no part of a package has one, and none may define entities
            raise BROKEN
        self.parser.EntityDeclHandler = self.refuse_entity

    def refuse_entity(self, *_: object) -> None:
        raise BROKEN

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self.plain and not self.depth:
            return
        element = local(name)
        if element == "c":
            self.cell = attributes.get("r", "")
        if self.has_addresses:
            for key, value in attributes.items():
                self.refuse_attribute(local(key), value)
        if self.is_svg and element in SCRIPTS:
            raise danger("プログラムを含む画像（SVG）", self.place)
        if self.depth:
            self.depth += 1
        elif self.is_collected(element):
            self.collect(element)
        if element in STARTS:
            STARTS[element](self, {local(key): value for key, value in attributes.items()})
        elif not (self.has_addresses or self.is_svg or element in READ):
            self.plain.add(name)

    def is_collected(self, element: str) -> bool:
        """Return whether the text of such an element is an instruction or a formula."""
        if element in INSTRUCTIONS:
            return True
        if element in FORMULAS:
            return self.has_formulas
        return element == "t" and self.fields.wants_text

    def refuse_attribute(self, key: str, value: str) -> None:
        """Raise InvalidUpload for an address, a macro or an action that is not allowed."""
        if self.is_svg:
            is_link = key in {"href", "src"} and not PICTURE.fullmatch(value)
            if is_link or key.lower().startswith("on"):
                raise danger("プログラムかリンクを含む画像（SVG）", self.place)
        elif key in {"href", "src"} and not RELATIONSHIP.fullmatch(value):
            refuse_address(value, self.place)
            if key == "src" and value:
                raise danger("外部から読み込まれる画像", self.place)
        elif key in MACROS:
            refuse_macro(value, self.place)
        elif key == "action" and self.has_actions and not ACTION.fullmatch(value):
            raise danger(f"動作の設定{quoted(value)}", self.place)

    def collect(self, element: str) -> None:
        """Read the text of this element and of its descendants."""
        self.collected, self.text, self.depth = element, [], 1
        self.parser.CharacterDataHandler = self.text.append
        self.parser.EndElementHandler = self.end

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.depth:
            return
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        text = "".join(self.text)
        if self.collected in FORMULAS and self.has_formulas:
            refuse_formula(text, f"{self.place}{self.cell and f'の{self.cell}'}", self.names)
        else:
            self.fields.add(text)

    def simple_field(self, attributes: dict[str, str]) -> None:
        refuse_instruction(attributes.get("instr", ""), self.place)

    def field_mark(self, attributes: dict[str, str]) -> None:
        self.fields.mark(attributes.get("fldCharType", ""))

    def mail_merge(self, _: dict[str, str]) -> None:
        raise danger("差し込み印刷のデータへの接続", self.place)


STARTS: dict[str, Callable[[Reader, dict[str, str]], None]] = {
    "fldSimple": Reader.simple_field,
    "fldChar": Reader.field_mark,
    "mailMerge": Reader.mail_merge,
}
