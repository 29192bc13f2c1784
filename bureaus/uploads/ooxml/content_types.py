"""The content types of a package, and an allow list of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PACKAGE = "application/vnd.openxmlformats-package."
OFFICE = "application/vnd.openxmlformats-officedocument."
EXCEL = "application/vnd.ms-excel."
POWERPOINT = "application/vnd.ms-powerpoint."
# Google Sheets writes it, and no other program reads it.
GOOGLE_METADATA = ("xl/metadata", "application/binary")
XML = frozenset({"application/xml", "text/xml"})
COMMON = frozenset(
    {
        f"{PACKAGE}core-properties+xml",
        f"{PACKAGE}relationships+xml",
        *(
            f"{OFFICE}{name}"
            for name in (
                "custom-properties+xml customxmlproperties+xml drawing+xml extended-properties+xml"
                " drawingml.chart+xml drawingml.chartshapes+xml drawingml.diagramcolors+xml"
                " drawingml.diagramdata+xml drawingml.diagramlayout+xml"
                " drawingml.diagramstyle+xml theme+xml themeoverride+xml vmldrawing"
            ).split()
        ),
        *(
            f"application/vnd.ms-office.{name}+xml"
            for name in (
                "chartcolorstyle chartex chartstyle classificationlabels drawingml.diagramdrawing"
            ).split()
        ),
        "application/inkml+xml",
    }
)
WORD_MAIN = f"{OFFICE}wordprocessingml.document.main+xml"
EXCEL_MAIN = f"{OFFICE}spreadsheetml.sheet.main+xml"
POWERPOINT_MAIN = f"{OFFICE}presentationml.presentation.main+xml"
MAINS = {"docx": WORD_MAIN, "xlsx": EXCEL_MAIN, "pptx": POWERPOINT_MAIN}
EMBEDDED = {
    f"{OFFICE}wordprocessingml.document": "docx",
    f"{OFFICE}spreadsheetml.sheet": "xlsx",
}
TYPES: Mapping[str, frozenset[str]] = {
    "docx": COMMON
    | EMBEDDED.keys()
    | {WORD_MAIN, f"{OFFICE}obfuscatedfont", "application/vnd.ms-word.styleswitheffects+xml"}
    | {
        f"{OFFICE}wordprocessingml.{name}"
        for name in (
            "comments+xml commentsextended+xml commentsextensible+xml commentsids+xml"
            " document.glossary+xml endnotes+xml fonttable+xml footer+xml footnotes+xml header+xml"
            " numbering+xml people+xml printersettings settings+xml styles+xml websettings+xml"
        ).split()
    },
    "xlsx": COMMON
    | EMBEDDED.keys()
    | {EXCEL_MAIN}
    | {
        f"{OFFICE}spreadsheetml.{name}"
        for name in (
            "calcchain+xml chartsheet+xml comments+xml customproperty pivotcachedefinition+xml"
            " pivotcacherecords+xml pivottable+xml printersettings revisionheaders+xml"
            " revisionlog+xml sharedstrings+xml sheetmetadata+xml styles+xml table+xml"
            " usernames+xml worksheet+xml"
        ).split()
    }
    | {
        f"{EXCEL}{name}+xml"
        for name in (
            "controlproperties featurepropertybag namedsheetviews person rdarray rdrichvalue"
            " rdrichvaluestructure rdrichvaluetypes richvaluerel slicer slicercache"
            " threadedcomments timeline timelinecache"
        ).split()
    },
    "pptx": COMMON
    | EMBEDDED.keys()
    | {POWERPOINT_MAIN, "application/x-fontdata"}
    | {
        f"{OFFICE}presentationml.{name}"
        for name in (
            "commentauthors+xml comments+xml handoutmaster+xml notesmaster+xml notesslide+xml"
            " presprops+xml printersettings slide+xml slidelayout+xml slidemaster+xml"
            " tablestyles+xml tags+xml viewprops+xml"
        ).split()
    }
    | {f"{POWERPOINT}{name}+xml" for name in "authors changesinfo comments revisioninfo".split()},
}


@dataclass(frozen=True, slots=True)
class ContentTypes:
    """`[Content_Types].xml`: by the name of a part, else by its suffix; in lower case."""

    overrides: Mapping[str, str]
    defaults: Mapping[str, str]

    def of(self, name: str) -> str:
        ending = name.rpartition("/")[2].rpartition(".")[2]
        folded = name.lower()
        return self.overrides.get(folded) or self.defaults.get(ending.lower(), "")

    @property
    def kind(self) -> str:
        """The kind of the package; empty where no office program here has it."""
        found = set(self.overrides.values()) | set(self.defaults.values())
        return next((kind for kind, main in MAINS.items() if main in found), "")

    @property
    def has_macros(self) -> bool:
        every = (*self.overrides.values(), *self.defaults.values())
        return any("macroenabled" in each for each in every)


def content_types(root: Any) -> ContentTypes:
    overrides: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for element in root.iter("{*}Override", "{*}Default"):
        content_type = element.get("ContentType", "").partition(";")[0].strip().lower()
        if element.tag.endswith("Override"):
            overrides[element.get("PartName", "").removeprefix("/").lower()] = content_type
        else:
            defaults[element.get("Extension", "").lower()] = content_type
    return ContentTypes(overrides, defaults)


def is_allowed_part(name: str, content_type: str, kind: str) -> bool:
    """Return whether a package of `kind` may hold it. Images are checked by `media`."""
    if content_type in XML:
        return "customxml/" in name.lower()
    return content_type in TYPES[kind] or (name.lower(), content_type) == GOOGLE_METADATA
