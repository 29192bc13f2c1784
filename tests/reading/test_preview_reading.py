"""The public page with a draft in place of its edition in force."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.models import PARTS, Answer, Contact, Edition, Kind, Link
from bureaus.publishing import add, approve, edit, start_draft, submit
from bureaus.reading import (
    Gone,
    Moment,
    Moved,
    PageView,
    answer_page,
    draft_text,
    present_moment,
    preview,
)
from bureaus.reading.draft_pages import draft_text_with
from tests.helpers.cast import Site
from tests.helpers.editing import DATA, drafted
from tests.helpers.generator import grow
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database_unless_long


def preview_view(edition: Edition) -> PageView:
    found = preview(draft_text(edition), present_moment())
    assert isinstance(found, PageView)
    return found


def test_the_preview_is_the_page_that_follows_the_approval(
    site: Site, writer: User, approver: User
) -> None:
    draft = drafted(site.bureau, writer, body="<h3>任務</h3><p>新しい本文。</p>")
    draft = edit(
        edition=draft,
        actor=writer,
        changes={},
        revision=draft.revision,
        parts={
            Link: [Link(text="組織案内", page=site.guide), Link(text="外", url="https://a.jp/")],
            Contact: [Contact(name="総務課", phone="03-5253-5111")],
        },
    )
    before = preview_view(draft)
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    after = answer_page(site.bureau.url_path, present_moment())
    assert isinstance(after, PageView)
    for name in ("title", "lead", "body", "links", "contacts", "sections", "breadcrumbs", "news"):
        assert getattr(before, name) == getattr(after, name), name


def test_the_public_page_does_not_change(site: Site, writer: User, citizen: Client) -> None:
    before = citizen.get(site.bureau.url_path).content
    preview_view(drafted(site.bureau, writer, lead="まだ言えないこと"))
    assert citizen.get(site.bureau.url_path).content == before


def test_unsaved_text_is_previewed(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    draft.lead = "打ちかけの要旨"
    found = preview(
        draft_text_with(draft, {Link: [Link(text="案内", page=site.guide)]}), present_moment()
    )
    assert isinstance(found, PageView)
    assert (found.lead, found.links[0].url) == ("打ちかけの要旨", site.guide.url_path)
    assert Edition.objects.get(pk=draft.pk).lead != "打ちかけの要旨"


def test_a_page_that_was_never_public_is_previewed_below_its_parents(
    site: Site, writer: User
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="new", title="新しい課", actor=writer)
    found = preview_view(page.editions.get())
    assert found.title == "新しい課"
    assert [crumb.url for crumb in found.breadcrumbs] == ["/", *map(str, (site.guide, site.bureau))]


@pytest.mark.parametrize(
    ("changes", "expected"), [({"answer": Answer.GONE, "note": "終わりました"}, Gone)]
)
def test_a_gone_or_archived_edition_is_previewed_as_such(
    site: Site, writer: User, changes: dict[str, str], expected: type
) -> None:
    draft = drafted(site.sections[0], writer, **changes)
    assert isinstance(preview(draft_text(draft), present_moment()), expected)


def test_a_move_leads_to_its_target(site: Site, writer: User) -> None:
    draft = drafted(site.sections[0], writer, answer=Answer.MOVED, moved_to=site.sections[1])
    assert preview(draft_text(draft), present_moment()) == Moved(site.sections[1].url_path)


def test_a_later_moment_shows_what_is_booked_around_it(
    site: Site, writer: User, approver: User
) -> None:
    later = timezone.now() + timedelta(days=2)
    section = drafted(site.sections[0], writer, title="これからの政策")
    approve(
        editions=[submit(edition=section, actor=writer)],
        actor=approver,
        at=later - timedelta(days=1),
    )
    draft = start_draft(page=site.bureau, actor=writer)
    draft = edit(edition=draft, actor=writer, changes=DATA, revision=draft.revision)
    found = preview(draft_text(draft), Moment(later))
    assert isinstance(found, PageView)
    assert "これからの政策" in [part.title for part in found.sections]
    assert "これからの政策" not in [part.title for part in preview_view(draft).sections]


@pytest.mark.parametrize("count", [20, MANY])
def test_the_number_of_queries_of_a_preview_is_the_same_at_any_size(
    count: int, db: None, operator: User, django_assert_max_num_queries: object
) -> None:
    grow(count)
    edition = Edition.objects.filter(
        page__kind=Kind.ORGANISATION, page__placements__depth=3
    ).first()
    assert edition is not None
    text = draft_text(edition)
    assert [model.__name__ for model in PARTS] == ["Figure", "Link", "Contact"]
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        preview(text, present_moment())
