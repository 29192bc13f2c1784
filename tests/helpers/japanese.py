"""The words of a page that are not Japanese."""

import re

from django.http import HttpResponseBase
from lxml.html import HtmlElement, document_fromstring

# Words that Japanese write in Latin letters, and what is no word: names, addresses, hashes.
ALLOWED = frozenset(
    "URL ID HTML CSV PDF JIS WCAG FAX JSON IP OK QR PIN SHA px KB MB ICT Word Web Alt Ctrl".split()
    + "JPEG PNG GIF WebP Excel OCR SNS Shift jpg pdf docx xlsx csv LibreOffice".split()  # files
    + "PowerPoint pptx".split()
    + "Atom ICS Gov".split()  # in the footer: formats, and the name e-Gov
)
# Accounts and slugs of the world that is walked through.
NAMES = re.compile(
    r"\b(?:author|operator|outsider|approver|manager|writer|staff|ended)\S*"
    r"|\b(?:public|draft|review|booked|returned|old-name|new-name|himitsu-\w+)\b"
)
ADDRESS = re.compile(r"(?:https?://|/)[\w./%?=&#*-]*|[\w.+-]+@[\w.-]+")
WORD = re.compile(r"[A-Za-z]{2,}")
# A hash stands in <bdi>.
SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title", "abbr", "label")
TAGS = frozenset(
    "blockquote dl dt dd ul ol li strong em ruby rt rp".split()
    + "table caption thead tbody tr th td scope".split()
)
UNREAD = "//script | //style | //code | //template | //bdi | //option[not(normalize-space())]"


def html_of(response: HttpResponseBase) -> HtmlElement | None:
    """Return the page; None for a file, a script or an empty response."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    content = b"" if response.streaming or not is_page else response.getvalue()
    return document_fromstring(content.decode()) if content.strip() else None


def foreign_words(page: HtmlElement) -> set[str]:
    """The words in Latin letters that a reader sees or hears on this page."""
    for element in page.xpath(UNREAD):
        element.drop_tree()
    spoken = [str(page.get(name)) for page in page.iter() for name in SPOKEN if page.get(name)]
    buttons = page.xpath("//input[@type='submit' or @type='button']/@value")
    text = " ".join([*page.itertext(), *spoken, *map(str, buttons)])
    text = NAMES.sub(" ", ADDRESS.sub(" ", text))
    return set(WORD.findall(text)) - ALLOWED - TAGS
