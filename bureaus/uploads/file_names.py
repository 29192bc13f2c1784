"""The names of files: the one that its officer gave, and the random one it is stored under."""

import secrets
import unicodedata
from pathlib import PurePosixPath

LENGTH = 200  # characters
ENDING_LENGTH = 10
FORBIDDEN = frozenset('<>:"|?*')  # what Windows takes in no name
UNNAMED = "無題"


def clean_name(name: str, suffix: str) -> str:
    """
    The officer's own name of a file, for the one who downloads it: NFC, no path, nothing unseen.

    It ends as its content is (`suffix`, without the dot), whatever the name said.
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
    """What a file says of itself in one line, without what nobody sees or no database keeps."""
    return " ".join(
        "".join(
            sign for sign in text if sign.isspace() or unicodedata.category(sign)[0] != "C"
        ).split()
    )


def display_name(name: str) -> str:
    """The name as a sentence can say it: nothing in it turns the sentence round, or fills it."""
    visible = "".join(
        sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C"
    )
    return visible if len(visible) <= LENGTH else f"{visible[:LENGTH]}…"


def random_name(folder: str, suffix: str) -> str:
    """A name below `folder` that nobody guesses, and that says nothing."""
    return str(PurePosixPath(folder) / f"{secrets.token_hex(10)}.{suffix}")
