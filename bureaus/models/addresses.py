"""The form of addresses and slugs, and the reserved slugs."""

import re
import unicodedata

from django.core.exceptions import ValidationError

SLUG_LENGTH = 80
ADDRESS_LENGTH = 1000
DEPTH_LIMIT = 63  # treebeard: 255 characters of path, 4 a level

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
ADDRESS = re.compile(r"/(?:[a-z0-9][a-z0-9_-]{0,79}/)*")
INDEX = re.compile(r"/index\.html?$")
# Of a path that was decoded: control characters and lone surrogates, which no database stores.
UNSTORED = frozenset({"Cc", "Cs"})

# Addresses that are not pages. A test holds this table against the URL patterns.
RESERVED_SLUGS = frozenset(
    {
        "admin",
        "data",
        "documents",
        "events",
        "healthz",
        "history",
        "index",
        "livez",
        "media",
        "metrics",
        "news",
        "preview",
        "readyz",
        "search",
        "static",
    }
)
# Reserved since there are pages: a page that has such a name keeps it, and answers there.
RESERVED_LATER = frozenset({"data", "events"})


def is_address(text: str) -> bool:
    """Return whether `text` has the form of a page's address, as every stored one has."""
    return len(text) <= ADDRESS_LENGTH and ADDRESS.fullmatch(text) is not None


def former_path(path: str) -> str:
    """
    Return `path`, without a query, in the form of a former address; empty where it has none.

    Another system may have had any path: /News/01_0100.html, /about.php. That of a page's address
    and that of the start page of a folder are written as `reading.request_paths` writes them.
    """
    path = INDEX.sub("/", path)
    if path and not path.endswith("/") and is_address(f"{path}/"):
        return f"{path}/"
    is_path = path.startswith("/") and not path.startswith("//") and len(path) <= ADDRESS_LENGTH
    is_stored = not any(unicodedata.category(sign) in UNSTORED for sign in path)
    return path if is_path and is_stored else ""


def is_former_path(text: str) -> bool:
    """Return whether `text` is stored as a former address as it is."""
    return bool(text) and former_path(text) == text


def address_under(parent_address: str, slug: str) -> str:
    return f"{parent_address}{slug}/"


def parent_address(address: str) -> str:
    """Return the address one level up; of the root, the empty string."""
    return address[: address.rstrip("/").rfind("/") + 1] if address != "/" else ""


def address_chain(address: str) -> list[str]:
    """Return the addresses from the root to `address`: `/a/b/` gives `/`, `/a/`, `/a/b/`."""
    return [address[: position + 1] for position, sign in enumerate(address) if sign == "/"]


def validate_slug(slug: str) -> None:
    """Refuse what no new page may be called. Raises ValidationError."""
    validate_slug_form(slug)
    refuse_reserved(slug, RESERVED_SLUGS)


def validate_stored_slug(slug: str) -> None:
    """Refuse what no page may be called, not even from an earlier version. ValidationError."""
    validate_slug_form(slug)
    refuse_reserved(slug, RESERVED_SLUGS - RESERVED_LATER)


def validate_slug_form(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise ValidationError(
            f"「{slug}」はアドレスに使えません。半角の英小文字・数字・「-」「_」だけを使い、"
            f"英数字で始めて{SLUG_LENGTH}文字以内にしてください。",
            code="malformed",
        )


def refuse_reserved(slug: str, reserved: frozenset[str]) -> None:
    if slug in reserved:
        raise ValidationError(
            f"「{slug}」はこのサイトの機能が使う名前です。別の名前にしてください。",
            code="reserved",
        )
