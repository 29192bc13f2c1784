"""The addresses that a link in a document may have."""

import re

ALLOWED = re.compile(r"(?:https?|mailto|tel):[^\x00-\x1f]*", re.IGNORECASE)
INSIDE = re.compile(r"#[^\x00-\x1f]*")
LENGTH = 60  # characters of an address that a sentence shows
REMEDY = "リンク先は、http・https・mailto・tel のどれかで始まるアドレスにしてください。"


def is_allowed_address(address: str) -> bool:
    """
    Return whether `address` leads to the web, a mail, a telephone or a place in the same document.

    An address without a scheme is refused: a reader takes it for a file beside the document, or,
    where it begins with two slashes, for a file of another computer, to which Windows then sends
    the name and the password's hash of the officer or citizen.
    """
    bare = address.strip(" ")
    return bool(ALLOWED.fullmatch(bare) or INSIDE.fullmatch(bare))


def quoted(address: str) -> str:
    """Return the address for use in a sentence."""
    visible = "".join(sign if sign.isprintable() else " " for sign in address).strip()
    return f"「{visible[:LENGTH]}…」" if len(visible) > LENGTH else f"「{visible}」"
