"""Removal of field codes, which word processors write between marks before their result."""

from bureaus.text.html_tree import Element, Node
from bureaus.text.office_html.remains import Notes, note
from bureaus.text.office_html.rules import BLOCKS
from bureaus.text.office_html.tree import text_of

PART = "mso-element"


def drop_field_codes(root: Element, notes: Notes) -> None:
    """Drop the text from the beginning of a field to its separator, within one block."""
    drop(root, [], notes)


def drop(element: Element, fields: list[bool], notes: Notes) -> None:
    """`fields`: the open fields around the text; true where it is the code of the field."""
    children: list[Node] = []
    for child in element.children:
        if isinstance(child, str):
            if any(fields):
                note(notes, "field", text_of(child))
            else:
                children.append(child)
            continue
        mark(child, fields)
        drop(child, [] if child.tag in BLOCKS else fields, notes)
        children.append(child)
    element.children = children


def mark(element: Element, fields: list[bool]) -> None:
    match element.styles.get(PART):
        case "field-begin":
            fields.append(True)
        case "field-separator" if fields:
            fields[-1] = False
        case "field-end" if fields:
            fields.pop()
