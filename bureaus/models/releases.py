"""
The tokens of a release: several editions and changes of the tree that begin at one moment.

`Edition.release` and `Placement.release` store `<release>r<number>`: number 0 of the editions, and
1, 2, … of the changes of the tree in the order in which they were made. So each change is cancelled
like one that was booked alone, whose token is hexadecimal, and all of them are one range.
"""

import re
import secrets

from django.db.models import Q

RELEASE = re.compile(r"(?P<release>[0-9a-f]{29})r[0-9]{2}")
EDITIONS = 0


def new_release() -> str:
    """Return a random name for a release."""
    return f"{secrets.randbits(4 * 29):029x}"


def release_token(release: str, number: int = EDITIONS) -> str:
    return f"{release}r{number:02}"


def release_of(token: str) -> str:
    """Return the release that `token` belongs to; empty where it belongs to none."""
    found = RELEASE.fullmatch(token)
    return found["release"] if found else ""


def in_release(release: str) -> Q:
    """Return the condition for the editions or placements of a release: a range of tokens."""
    return Q(release__gte=release_token(release, 0), release__lte=release_token(release, 99))
