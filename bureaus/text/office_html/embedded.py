"""What a browser shows that is neither text nor a picture file: drawings, films, frames."""

from bureaus.text.html_limits import RAW, TOKEN, raw_text_end
from bureaus.text.office_html.remains import Notes, note
from bureaus.text.office_html.rules import EMBEDDED


def note_embedded(html: str, notes: Notes) -> None:
    """Name what the source embeds. Linear."""
    position = 0
    while token := TOKEN.search(html, position):
        position = token.end()
        name = (token["name"] or "").lower()
        if not name or token["end"]:
            continue
        if name in EMBEDDED:
            note(notes, "embedded", EMBEDDED[name])
        if name in RAW:
            position = raw_text_end(html, name, position)
