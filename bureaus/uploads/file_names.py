"""Names of files: the cleaned name for downloads, and the random name in the storage."""

import secrets
import unicodedata
from pathlib import PurePosixPath

LENGTH = 200  # characters
ENDING_LENGTH = 10
FORBIDDEN = frozenset('<>:"|?*')  # in names of Windows
UNNAMED = "無題"


def clean_name(name: str, suffix: str) -> str:
    """
    Return an officer's name of a file for downloads: NFC, no path, no invisible characters.

    It ends with `suffix` (without the dot), which follows from the content.
    """
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    text = text.replace("\\", "/").rpartition("/")[2]
    text = "".join(
        "_" if sign in FORBIDDEN else " " if sign.isspace() else sign
        for sign in text
        if unicodedata.category(sign)[0] != "C" or sign.isspace()
    )
    text = " ".join(text.split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    is_ending = dot and stem and len(ending) <= ENDING_LENGTH and ending.isascii()
    stem = (stem if is_ending else text)[: LENGTH - ENDING_LENGTH].strip(". ")
    return f"{stem or UNNAMED}.{suffix}"


def one_line(text: str) -> str:
    """Return metadata of a file in one line, without control characters."""
    return " ".join(
        "".join(
            sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C"
        ).split()
    )


def display_name(name: str) -> str:
    """Return the name for use in a sentence: no bidirectional characters, and not too long."""
    visible = "".join(
        sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C"
    )
    return visible if len(visible) <= LENGTH else f"{visible[:LENGTH]}…"


def random_name(folder: str, suffix: str) -> str:
    """Return a random name below `folder` that cannot be guessed."""
    return str(PurePosixPath(folder) / f"{secrets.token_hex(10)}.{suffix}")
