"""The rules. Each has a test of its id, with an example of right and of wrong."""

from bureaus.proofreading.rules import (
    characters,
    dates,
    eras,
    events,
    figures,
    house_words,
    language,
    links,
    pictures,
    privacy,
    punctuation,
    references,
    residue,
    structure,
    wording,
)

__all__ = [
    "characters",
    "dates",
    "eras",
    "events",
    "figures",
    "house_words",
    "language",
    "links",
    "pictures",
    "privacy",
    "punctuation",
    "references",
    "residue",
    "structure",
    "wording",
]
