"""Names of persons and paths of computers in the metadata of files."""

import re
from collections.abc import Iterator, Mapping

from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content

# A path names the computer, the account or the folder from which a file comes.
PATH = re.compile(
    r"(?:file:/{2,3}\S|\b[A-Za-z]:[\\/](?![\\/])\S|\\\\[\w.-]+\\\S|/(?:Users|home|Volumes)/\S)"
)
# What programs write where nobody has given a name, and what names no person.
NO_PERSON = re.compile(
    r"(?:user|users|owner|admin|administrator|unknown|author|anonymous|guest|none|pc|"
    r"windows ?(?:ユーザー|user)|ユーザー?|作成者|所有者|管理者|microsoft office user|"
    r"microsoft(?: corporation)?|python-docx|python-pptx|openpyxl|xlsxwriter|reportlab|"
    r"apache poi|steve canny|libreoffice|latex.*|.*\.(?:dll|exe)|cairo.*|\W*)",
    re.IGNORECASE,
)
PROGRAMS = frozenset(
    "adobe acrobat chromium ghostscript imagemagick libreoffice microsoft openoffice openpyxl"
    " pikepdf powerpoint python qpdf quartz reportlab skia word excel".split()
)
ORGANISATION = re.compile(
    r".*(?:省|庁|府|都|道|県|市|区|町|村|局|課|部|室|係|班|院|所|会|会社|法人|機構|大学|銀行|組合"
    r")[\)）]?"
    r"|.*\b(?:ministry|agency|office|division|bureau|department|government|university|inc|ltd|corp)"
    r"\b.*",
    re.IGNORECASE,
)


def is_person(name: str) -> bool:
    """Return whether `name` may be a person's: no program's default and no organisation."""
    bare = name.strip()
    if len(folded(bare)) < 2 or NO_PERSON.fullmatch(bare) or ORGANISATION.fullmatch(bare):  # noqa: PLR2004
        return False
    return PROGRAMS.isdisjoint(re.findall(r"[a-z]+", bare.casefold()))


def names_and_paths(
    texts: Mapping[str, str], persons: frozenset[str], place: str
) -> Iterator[HiddenContent]:
    """Yield the persons in the properties `persons`, and the paths in any of `texts`."""
    for label, text in texts.items():
        if PATH.search(text):
            yield hidden_content("path", f"{place}の「{label}」", text)
        elif label in persons and is_person(text):
            yield hidden_content("person", f"{place}の「{label}」", text)
