"""The colour of text on slides, and of the ground on which it stands."""

from typing import Any
from zipfile import ZipFile

from bureaus.uploads.ooxml.archives import parse_xml, part
from bureaus.uploads.ooxml.targets import relations_of

WINDOW = "bg1"
FILLS = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
EFFECTS = ("ln", "effectLst", "effectDag", "highlight")


def ground_of(archive: ZipFile, slide: str) -> str:
    """
    Return the one colour of the slide's ground, such as FFFFFF; empty for any other ground.

    Where its layout has pictures or filled shapes of its own, nobody knows what lies beneath.
    """
    layout = target_of(archive, slide, "slideLayout")
    master = target_of(archive, layout, "slideMaster") if layout else ""
    names = [name for name in (slide, layout, master) if name]
    roots = {name: parse_xml(part(archive, name)) for name in names}
    if not master or any(map(has_grounds, (roots[layout], roots[master]))):
        return ""
    for name, root in roots.items():
        ground = root.find("{*}cSld/{*}bg")
        if ground is not None:
            return colour_of_ground(archive, name, root, ground)
    return ""


def has_grounds(root: Any) -> bool:
    """Return whether text may stand on something: a picture, a table, a filled shape."""
    if (
        next(root.iter("{*}pic", "{*}graphicFrame", "{*}grpSp", "{*}AlternateContent"), None)
        is not None
    ):
        return True
    return any(is_filled(shape) for shape in root.iter("{*}sp"))


def is_filled(shape: Any) -> bool:
    properties, style = shape.find("{*}spPr"), shape.find("{*}style/{*}fillRef")
    if properties is not None:
        if properties.find("{*}noFill") is not None:
            return False
        if any(properties.find(f"{{*}}{name}") is not None for name in FILLS):
            return True
    return style is not None and style.get("idx", "0") != "0"


def target_of(archive: ZipFile, name: str, kind: str) -> str:
    targets = (target for found, target in relations_of(archive, name).values() if found == kind)
    return next((each for each in targets if each in archive.namelist()), "")


def colour_of_ground(archive: ZipFile, name: str, root: Any, ground: Any) -> str:
    """Return the colour that is named, or that of the window in the theme of a master."""
    fill = ground.find("{*}bgPr/{*}solidFill")
    holder = fill if fill is not None else ground.find("{*}bgRef")
    if holder is None or len(holder) != 1:
        return ""
    named = holder[0]
    if named.tag.endswith("}srgbClr"):
        return plain(named) if fill is not None else ""
    if named.get("val") != WINDOW or len(named):
        return ""
    mapping = root.find("{*}clrMap")
    if mapping is None:
        return ""
    theme = target_of(archive, name, "theme")
    entry = mapping.get(WINDOW, "")
    found = (
        parse_xml(part(archive, theme)).find(f".//{{*}}clrScheme/{{*}}{entry}") if theme else None
    )
    if found is None or not len(found):
        return ""
    return str(found[0].get("lastClr") or found[0].get("val") or "").upper()


def plain(colour: Any) -> str:
    """Return the colour; empty where something changes it, such as an alpha."""
    return "" if len(colour) else str(colour.get("val", "")).upper()


def text_in(shape: Any, ground: str) -> str:
    """
    Return the text of the shape whose runs name the colour of their ground.

    That is the shape's own colour, or else `ground`.
    """
    own = shape.find("{*}spPr/{*}solidFill/{*}srgbClr")
    if own is not None:
        ground = plain(own)
    elif is_filled(shape):
        return ""
    return "".join(
        text.text or ""
        for run in shape.iter("{*}r")
        if ground and colour_of(run) == ground
        for text in run.iter("{*}t")
    ).strip()


def colour_of(run: Any) -> str:
    """Return the colour that the run names; empty for one that an outline or a glow shows."""
    looks = run.find("{*}rPr")
    if looks is None or any(looks.find(f"{{*}}{name}") is not None for name in EFFECTS):
        return ""
    named = looks.find("{*}solidFill/{*}srgbClr")
    return plain(named) if named is not None else ""
