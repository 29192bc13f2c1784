"""The rules. Each has a test of its id, with an example of right and of wrong."""

from bureaus.proofreading.rules import (
    characters,
    dates,
    eras,
    events,
    links,
    pictures,
    privacy,
    punctuation,
    residue,
    structure,
    wording,
)

__all__ = [
    "characters",
    "dates",
    "eras",
    "events",
    "links",
    "pictures",
    "privacy",
    "punctuation",
    "residue",
    "structure",
    "wording",
]
