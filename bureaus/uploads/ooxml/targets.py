"""Where the relationships of a part of a package lead."""

import posixpath
from zipfile import ZipFile

from bureaus.uploads.ooxml.archives import parse_xml, part


def relations_of(archive: ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """Return the relationships of a part: the last word of the type and the target, by id."""
    folder, _, file = name.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels".lstrip("/")
    if relations not in archive.namelist():
        return {}
    found = {}
    for each in parse_xml(part(archive, relations)).iter("{*}Relationship"):
        target = each.get("Target", "")
        if each.get("TargetMode", "").casefold() != "external":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], target)
    return found
