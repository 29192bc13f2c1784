"""The relationships of a package: allow lists of their types and targets."""

import re
from typing import Any

from bureaus.uploads.link_addresses import REMEDY, is_allowed_address, quoted
from bureaus.uploads.ooxml.dangers import BY_REMOVAL, danger, label_of

BASE = re.compile(
    r"http://(?:schemas\.openxmlformats\.org/(?:officeDocument|package)/2006"
    r"|purl\.oclc\.org/ooxml/officeDocument"
    r"|schemas\.microsoft\.com/office/20\d\d(?:/\d\d)?)/relationships/(?P<name>.+)",
    re.IGNORECASE,
)
GOOGLE = "http://customschemas.google.com/relationships/workbookmetadata"
HYPERLINK = "hyperlink"
NAMES = frozenset(
    # Of both
    "chart chartColorStyle chartEx chartStyle chartUserShapes classificationlabels"
    " core-properties custom-properties customProperties customXml customXmlProps diagramColors"
    " diagramData diagramDrawing diagramLayout diagramQuickStyle drawing extended-properties"
    " extendedProperties hdphoto hyperlink image metadata/classificationlabels"
    " metadata/core-properties meatadata/core-properties metadata/coreProperties"
    " metadata/thumbnail officeDocument package printerSettings styles theme themeOverride"
    " vmlDrawing"
    # Of Word
    " comments commentsExtended commentsExtensible commentsIds endnotes font fontTable footer"
    " footnotes glossaryDocument header numbering people settings stylesWithEffects webSettings"
    # Of Excel
    " calcChain chartsheet ctrlProp customProperty FeaturePropertyBag namedSheetView person"
    " pivotCacheDefinition pivotCacheRecords pivotTable rdArray rdRichValue rdRichValueStructure"
    " rdRichValueTypes revisionHeaders revisionLog richValueRel sharedStrings sheetMetadata slicer"
    " slicerCache table threadedComment timeline timelineCache usernames worksheet"
    # Of PowerPoint
    " authors changesInfo commentAuthors handoutMaster notesMaster notesSlide presProps"
    " revisionInfo slide slideLayout slideMaster tableStyles tags viewProps".lower().split()
)
# What is in the package: no other scheme, no other computer, no folder of this one.
INSIDE = re.compile(r"(?!//)[^:\\\x00-\x1f]+")


def refuse_relationships(root: Any, place: str) -> None:
    """Raise InvalidUpload for a relationship of another type or target."""
    for relationship in root.iter("{*}Relationship"):
        kind, target = relationship.get("Type", "").strip(), relationship.get("Target", "")
        match = BASE.fullmatch(kind)
        name = match["name"].lower() if match else ""
        if name not in NAMES and kind != GOOGLE:
            raise danger(label_of(kind), place)
        is_outside = relationship.get("TargetMode", "").strip().casefold() == "external"
        if name == HYPERLINK and (is_outside or not INSIDE.fullmatch(target)):
            refuse_address(target, place)
        elif is_outside or not INSIDE.fullmatch(target):
            raise danger(
                f"外部から読み込まれる部品（ひな形や画像へのリンクなど）{quoted(target)}", place
            )


def refuse_address(address: str, place: str) -> None:
    """Raise InvalidUpload for a forbidden address."""
    if address and not is_allowed_address(address):
        raise danger(f"リンク先{quoted(address)}", place, f"{REMEDY}{BY_REMOVAL}")
