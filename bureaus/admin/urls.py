"""The addresses below /admin/ and their views, without those of Django's own lists."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from bureaus.admin.approval_steps.views import approval_steps
from bureaus.admin.core.cleaning import KEY_PATTERN
from bureaus.admin.dashboard.page_reviews import (
    list_due_pages,
    page_review_interval,
    page_reviewed,
)
from bureaus.admin.editions import autosave, findings_views, form_view, previews
from bureaus.admin.editions.comments import edition_comments
from bureaus.admin.editions.end_below import end_pages_below
from bureaus.admin.help.guide import guide
from bureaus.admin.house_words.views import house_words
from bureaus.admin.links.views import link_report
from bureaus.admin.media import documents, file_findings, files, images, uploads
from bureaus.admin.media.deletion import delete_view
from bureaus.admin.media.library import DOCUMENTS, IMAGES
from bureaus.admin.media.tags import tag_view
from bureaus.admin.notices.views import notices
from bureaus.admin.pages.add_page import add_page
from bureaus.admin.pages.edit_links import edit_links
from bureaus.admin.pages.new_page import new_page
from bureaus.admin.pages.page_detail import page_detail
from bureaus.admin.pages.proposed_slug import proposed_slug
from bureaus.admin.pages.rename_page import rename_page
from bureaus.admin.pages.workflow_actions import HANDLERS, edition_action, start_page_draft
from bureaus.admin.people import views as people
from bureaus.admin.review.approval import review_edition
from bureaus.admin.review.booked_release import booked_release
from bureaus.admin.review.compare_view import compare_editions
from bureaus.admin.review.releases import release
from bureaus.admin.review.seals import (
    seal_document,
    seal_edition,
    seal_image,
    seal_list,
    seal_note,
    seal_proposal,
)
from bureaus.admin.search_terms.views import search_terms
from bureaus.admin.tree.bulk_actions import bulk_action
from bureaus.admin.tree.bulk_end import end_pages
from bureaus.admin.tree.bulk_move import move_pages
from bureaus.admin.tree.cancel_change import cancel_place_change
from bureaus.admin.tree.move import move_page
from bureaus.admin.tree.reorder import reorder_page
from bureaus.admin.tree.views import browse_tree, tree_children

AUDIT_ENTRIES = RedirectView.as_view(
    url="/admin/bureaus/auditentry/", permanent=True, query_string=True
)
BOOKED_RELEASE = r"^bureaus/release/(?P<name>[0-9a-f]{29})/$"
CANCEL_CHANGE = rf"^(?P<pk>{KEY_PATTERN})/cancel-change/(?P<release>[0-9a-f]{{32}})/$"
AdminView = Callable[[Any], Any]
EDITION_ACTION = rf"^(?P<pk>{KEY_PATTERN})/(?P<action>{'|'.join(HANDLERS)})/$"


def admin_urls(view: AdminView) -> list[URLPattern | URLResolver]:
    """Return the addresses of the project's own screens; `view` requires the login."""
    return [
        path("bureaus/unrevised/", view(list_due_pages), name="unrevised"),
        path("bureaus/page/", include(page_urls(view))),
        path("bureaus/edition/", include(edition_urls(view))),
        path("bureaus/release/", view(release), name="release"),
        re_path(BOOKED_RELEASE, view(booked_release), name="booked-release"),
        path("bureaus/seal/", view(seal_list), name="seals"),
        path("bureaus/seal/<int:pk>/", view(seal_proposal), name="seal"),
        path("bureaus/auditentry/<int:pk>/seal/", view(seal_note), name="note-seal"),
        path("bureaus/image/", include(image_urls(view))),
        path("bureaus/document/", include(document_urls(view))),
        path("bureaus/file/search/", view(form_view.file_search), name="file-search"),
        path("bureaus/links/", view(link_report), name="link-report"),
        path("bureaus/notices/", view(notices), name="notices"),
        path("bureaus/people/", view(people.people), name="people"),
        path("bureaus/people/dismiss/", view(people.dismiss_person), name="people-dismiss"),
        path("bureaus/approval-steps/", view(approval_steps), name="approval-steps"),
        path("bureaus/words/", view(search_terms), name="words"),
        path("bureaus/house-words/", view(house_words), name="house-words"),
        # The audit entries stood here before the model had its present name.
        path("bureaus/event/", view(AUDIT_ENTRIES), name="audit-entries-moved"),
        path("bureaus/guide/", view(guide), name="guide"),
        path("files/documents/<path:name>", view(files.document), name="library-document"),
        path("files/<path:name>", view(files.image), name="library-image"),
    ]


def page_urls(view: AdminView) -> list[URLPattern]:
    return [
        path("", view(browse_tree), name="bureaus_page_changelist"),
        path("search/", view(form_view.page_search), name="page-search"),
        path("new/", view(new_page), name="page-new"),
        path("editable/", view(edit_links), name="page-edit-links"),
        path("proposed-slug/", view(proposed_slug), name="page-proposed-slug"),
        path("together/", view(bulk_action), name="bulk-action"),
        path("together/move/", view(move_pages), name="pages-move"),
        path("together/end/", view(end_pages), name="pages-end"),
        path("<int:pk>/change/", view(page_detail), name="bureaus_page_change"),
        path("<int:pk>/rows/", view(tree_children), name="page-rows"),
        path("<int:pk>/reviewed/", view(page_reviewed), name="page-reviewed"),
        path("<int:pk>/review-interval/", view(page_review_interval), name="page-review-interval"),
        path("<int:pk>/move/", view(move_page), name="page-move"),
        path("<int:pk>/reorder/", view(reorder_page), name="page-reorder"),
        re_path(CANCEL_CHANGE, view(cancel_place_change), name="page-cancel-change"),
        path("<int:pk>/draft/", view(start_page_draft), name="page-draft"),
        path("<int:pk>/add-below/", view(add_page), name="page-add"),
        path("<int:pk>/rename/", view(rename_page), name="page-rename"),
        path("<int:pk>/compare/", view(compare_editions), name="page-compare"),
    ]


def edition_urls(view: AdminView) -> list[URLPattern]:
    copy = "<int:pk>/working-copy/"
    return [
        path("<int:pk>/change/", view(form_view.change), name="bureaus_edition_change"),
        path("<int:pk>/preview/typed/", view(form_view.preview_form), name="edition-preview-typed"),
        path(copy, view(autosave.autosave), name="edition-autosave"),
        path(f"{copy}drop/", view(autosave.discard_autosave_view), name="edition-autosave-discard"),
        path("<int:pk>/proof/", view(findings_views.proofread_form), name="edition-findings"),
        path("<int:pk>/accept/", view(findings_views.accept_finding_view), name="edition-accept"),
        path("<int:pk>/preview/", view(previews.show_frame), name="edition-preview"),
        path("<int:pk>/view/", view(previews.view_edition), name="edition-view"),
        path("<int:pk>/comments/", view(edition_comments), name="edition-comments"),
        path("<int:pk>/share/", view(previews.share_edition), name="edition-share"),
        path("<int:pk>/unshare/", view(previews.unshare_edition), name="edition-unshare"),
        path("<int:pk>/review/", view(review_edition), name="edition-review"),
        path("<int:pk>/end-below/", view(end_pages_below), name="edition-end-below"),
        path("<int:pk>/seal/", view(seal_edition), name="edition-seal"),
        re_path(EDITION_ACTION, view(edition_action), name="edition-action"),
    ]


def image_urls(view: AdminView) -> list[URLPattern]:
    return [
        path("", view(images.image_list), name="bureaus_image_changelist"),
        path("upload/", view(uploads.receive_images), name="image-upload"),
        path("<int:pk>/change/", view(images.one_image), name="bureaus_image_change"),
        path("tags/", view(tag_view(IMAGES)), name="image-tags"),
        path("<int:pk>/name/", view(images.rename_image), name="image-name"),
        path("<int:pk>/delete/", view(delete_view(IMAGES)), name="image-delete"),
        path("<int:pk>/seal/", view(seal_image), name="image-seal"),
    ]


def document_urls(view: AdminView) -> list[URLPattern]:
    return [
        path("", view(documents.document_list), name="bureaus_document_changelist"),
        path("upload/", view(uploads.receive_documents), name="document-upload"),
        path("tags/", view(tag_view(DOCUMENTS)), name="document-tags"),
        path("<int:pk>/change/", view(documents.one_document), name="bureaus_document_change"),
        path(
            "<int:pk>/accept/<int:finding_pk>/",
            view(file_findings.accept_file_finding_view),
            name="document-accept",
        ),
        path("<int:pk>/replace/", view(documents.replace), name="document-replace"),
        path("<int:pk>/delete/", view(delete_view(DOCUMENTS)), name="document-delete"),
        path("<int:pk>/seal/", view(seal_document), name="document-seal"),
    ]
