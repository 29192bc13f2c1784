"""The models, by their own names."""

from bureaus.models.acceptances import Acceptance
from bureaus.models.editions import (
    READABLE_ANSWERS,
    Answer,
    ApprovedEditionIsFinal,
    Edition,
    State,
)
from bureaus.models.events import Event, EventsAreFinal, Verb
from bureaus.models.kinds import (
    CATEGORIES_OF,
    IN_THE_TREE,
    KINDS_UNDER,
    ROOT_KIND,
    Category,
    Kind,
)
from bureaus.models.media import Document, DocumentText, EarlierFile, Image
from bureaus.models.pages import FormerAddress, NewsItem, Organisation, Page, PolicySection
from bureaus.models.parts import PARTS, Contact, Figure, Link, Part
from bureaus.models.searching import SearchRow, Synonyms, VainSearch
from bureaus.models.stewardship import Role, Stewardship
from bureaus.models.working_copies import WorkingCopy

__all__ = [
    "CATEGORIES_OF",
    "IN_THE_TREE",
    "KINDS_UNDER",
    "PARTS",
    "READABLE_ANSWERS",
    "ROOT_KIND",
    "Acceptance",
    "Answer",
    "ApprovedEditionIsFinal",
    "Category",
    "Contact",
    "Document",
    "DocumentText",
    "EarlierFile",
    "Edition",
    "Event",
    "EventsAreFinal",
    "Figure",
    "FormerAddress",
    "Image",
    "Kind",
    "Link",
    "NewsItem",
    "Organisation",
    "Page",
    "Part",
    "PolicySection",
    "Role",
    "SearchRow",
    "State",
    "Stewardship",
    "Synonyms",
    "VainSearch",
    "Verb",
    "WorkingCopy",
]
