"""The models, importable by their own names."""

from bureaus.models.acceptances import Acceptance
from bureaus.models.approval_steps import Absence, ApprovalStep, StepOfficer
from bureaus.models.audit import Action, AuditEntriesAreFinal, AuditEntry
from bureaus.models.autosaves import Autosave
from bureaus.models.checked_links import CheckedLink, LinkUse
from bureaus.models.draft_comments import DraftComment
from bureaus.models.editions import (
    READABLE_ANSWERS,
    Answer,
    ApprovedEditionIsFinal,
    Edition,
    State,
)
from bureaus.models.events import EVENT_CATEGORIES, RECEPTIONS, Event, Phase
from bureaus.models.file_findings import FileFinding
from bureaus.models.house_words import HouseWord
from bureaus.models.kinds import (
    CATEGORIES_OF,
    IN_THE_TREE,
    KINDS_UNDER,
    ROOT_KIND,
    Category,
    Kind,
)
from bureaus.models.media import Document, DocumentText, EarlierFile, Image
from bureaus.models.media_tags import DocumentTag, ImageTag
from bureaus.models.news_listings import NewsListing
from bureaus.models.notices import (
    DEFAULT_DELIVERY,
    Delivery,
    Notice,
    NoticeChoice,
    NoticeKind,
    NoticeMail,
)
from bureaus.models.page_reviews import PageReview
from bureaus.models.pages import FormerAddress, NewsItem, Organisation, Page, PolicySection
from bureaus.models.parts import PARTS, Contact, Figure, FigureSize, Link, Part
from bureaus.models.placements import Placement, SiblingPosition
from bureaus.models.readability_reports import ReadabilityReport
from bureaus.models.roles import BranchRole, Role
from bureaus.models.seals import Ground, Seal, SealKind
from bureaus.models.search_rows import SearchRow, Synonyms, ZeroResultQuery

__all__ = [
    "CATEGORIES_OF",
    "DEFAULT_DELIVERY",
    "EVENT_CATEGORIES",
    "IN_THE_TREE",
    "KINDS_UNDER",
    "PARTS",
    "READABLE_ANSWERS",
    "RECEPTIONS",
    "ROOT_KIND",
    "Absence",
    "Acceptance",
    "Action",
    "Answer",
    "ApprovalStep",
    "ApprovedEditionIsFinal",
    "AuditEntriesAreFinal",
    "AuditEntry",
    "Autosave",
    "BranchRole",
    "Category",
    "CheckedLink",
    "Contact",
    "Delivery",
    "Document",
    "DocumentTag",
    "DocumentText",
    "DraftComment",
    "EarlierFile",
    "Edition",
    "Event",
    "Figure",
    "FigureSize",
    "FileFinding",
    "FormerAddress",
    "Ground",
    "HouseWord",
    "Image",
    "ImageTag",
    "Kind",
    "Link",
    "LinkUse",
    "NewsItem",
    "NewsListing",
    "Notice",
    "NoticeChoice",
    "NoticeKind",
    "NoticeMail",
    "Organisation",
    "Page",
    "PageReview",
    "Part",
    "Phase",
    "Placement",
    "PolicySection",
    "ReadabilityReport",
    "Role",
    "Seal",
    "SealKind",
    "SearchRow",
    "SiblingPosition",
    "State",
    "StepOfficer",
    "Synonyms",
    "ZeroResultQuery",
]
