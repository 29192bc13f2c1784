"""What a path that came in means as the address of a page."""

import re

from bureaus.models.addresses import ADDRESS, ADDRESS_LENGTH, is_address

INDEX = re.compile(r"/index\.html?$")


def canonical_address(path: str) -> str:
    """`path` as the address of a page would be written; empty where it could not be one."""
    path = INDEX.sub("/", path)
    if not path.endswith("/"):
        path += "/"
    return path if is_address(path) else ""


def known_beginning(path: str) -> str:
    """The longest beginning of `path` that could be the address of a page."""
    beginning = ADDRESS.match(path[:ADDRESS_LENGTH])
    return beginning[0] if beginning else ""
