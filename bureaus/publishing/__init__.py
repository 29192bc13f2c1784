"""
The editorial actions: the only way in which officers change what the public reads.

Loading and restoring are in `loading/` and `management/`.
"""

from bureaus.publishing.actions.acceptances import accept_finding
from bureaus.publishing.actions.approval_steps import (
    cancel_absence,
    change_step,
    endorse,
    record_absence,
)
from bureaus.publishing.actions.branch_roles import appoint, dismiss
from bureaus.publishing.actions.draft_comments import Subject, answer, comment, reopen, resolve
from bureaus.publishing.actions.editions import (
    approve,
    approve_urgently,
    cancel_booking,
    confirm,
    discard,
    edit,
    return_,
    start_draft,
    submit,
)
from bureaus.publishing.actions.ending import end_below, end_page
from bureaus.publishing.actions.file_findings import accept_file_finding, store_examination
from bureaus.publishing.actions.house_words import change_house_word
from bureaus.publishing.actions.imports import Imported, add_former_addresses, import_pages
from bureaus.publishing.actions.media import (
    Registered,
    add_document,
    add_image,
    delete_document,
    delete_image,
    describe_document,
    describe_image,
    replace_document,
)
from bureaus.publishing.actions.media_tags import tag_file
from bureaus.publishing.actions.page_reviews import mark_page_reviewed, set_page_review_interval
from bureaus.publishing.actions.releases import (
    approve_release,
    cancel_release,
    reschedule_release,
    try_release,
)
from bureaus.publishing.actions.seals import (
    confirm_seal,
    propose_seal,
    refuse_seal,
    withdraw_seal,
)
from bureaus.publishing.actions.sharing import (
    SharedLink,
    open_shared_link,
    share,
    signed_content,
    take_back,
)
from bureaus.publishing.actions.synonyms import change_synonyms
from bureaus.publishing.actions.tree import add, add_root, cancel_change, move, rename, reorder
from bureaus.publishing.blockers.blocker import Blocked, Blocker, BlockerCode
from bureaus.publishing.blockers.seals import SealRequest
from bureaus.publishing.file_findings import file_findings
from bureaus.publishing.finding_counts import store_finding_counts
from bureaus.publishing.findings import FindingsReport, findings_report, findings_reports
from bureaus.publishing.imported_page import ImportedPage
from bureaus.publishing.live_until import update_live_until
from bureaus.publishing.references import Reference, references_to
from bureaus.publishing.releases import PlaceChange, ReleasePlan

__all__ = [
    "Blocked",
    "Blocker",
    "BlockerCode",
    "FindingsReport",
    "Imported",
    "ImportedPage",
    "PlaceChange",
    "Reference",
    "Registered",
    "ReleasePlan",
    "SealRequest",
    "SharedLink",
    "Subject",
    "accept_file_finding",
    "accept_finding",
    "add",
    "add_document",
    "add_former_addresses",
    "add_image",
    "add_root",
    "answer",
    "appoint",
    "approve",
    "approve_release",
    "approve_urgently",
    "cancel_absence",
    "cancel_booking",
    "cancel_change",
    "cancel_release",
    "change_house_word",
    "change_step",
    "change_synonyms",
    "comment",
    "confirm",
    "confirm_seal",
    "delete_document",
    "delete_image",
    "describe_document",
    "describe_image",
    "discard",
    "dismiss",
    "edit",
    "end_below",
    "end_page",
    "endorse",
    "file_findings",
    "findings_report",
    "findings_reports",
    "import_pages",
    "mark_page_reviewed",
    "move",
    "open_shared_link",
    "propose_seal",
    "record_absence",
    "references_to",
    "refuse_seal",
    "rename",
    "reopen",
    "reorder",
    "replace_document",
    "reschedule_release",
    "resolve",
    "return_",
    "set_page_review_interval",
    "share",
    "signed_content",
    "start_draft",
    "store_examination",
    "store_finding_counts",
    "submit",
    "tag_file",
    "take_back",
    "try_release",
    "update_live_until",
    "withdraw_seal",
]
