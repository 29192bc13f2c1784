"""The tree actions: one transaction under the tree lock, one event, or Refused and no change."""

from django.db.models import QuerySet
from django.utils import timezone

from bureaus.models import CATEGORIES_OF, Action, Edition, FormerAddress, Kind, Page
from bureaus.models.locks import under_tree_lock
from bureaus.models.pages import add_child, change_slug, move_node, remember_addresses, reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import add_blockers, move_blockers, rename_blockers
from bureaus.publishing.finding_counts import count_findings


@count_findings
@under_tree_lock
def add(
    *,
    parent: Page,
    kind: Kind,
    slug: str,
    title: str,
    actor: Actor,
    note: str = "",
    release: bool = False,
) -> Page:
    """
    Add a page with a first, empty draft as the last child of `parent`. 23 queries.

    `release`: take the address even where it is a former address of another page. That page's
    redirect ends at once, before the draft is public, and the events of both pages say so; only
    a manager of both may do it. Raises Refused.
    """
    parent = reread(parent)
    raise_if_blocked(
        add_blockers(parent=parent, kind=kind, slug=slug, title=title, release=release, actor=actor)
    )
    page = add_child(Page(kind=kind, slug=slug), under=parent)
    draft = Edition(
        page=page,
        number=1,
        title=title,
        category=CATEGORIES_OF[kind][0],
        listed_under=parent if kind == Kind.NEWS_ITEM else None,
    )
    draft.save()
    record_action(
        Action.ADD, page, actor, note, edition=draft, released=release_addresses(page, actor)
    )
    return page


@under_tree_lock
def move(*, page: Page, to: Page, actor: Actor, note: str = "", release: bool = False) -> Page:
    """
    Make `page` the last child of `to`, with everything below it; old addresses redirect.

    At most 30 queries for a branch of 1,000 pages. `release` as in `add`. Raises Refused.
    """
    page, to = reread(page), reread(to)
    raise_if_blocked(move_blockers(page=page, to=to, release=release, actor=actor))
    old = page.url_path
    remember_addresses(ever_answered(page))
    move_node(page, under=to)
    if page.kind == Kind.NEWS_ITEM:
        Edition.objects.filter(page=page).update(listed_under=to)
    record_action(
        Action.MOVE,
        page,
        actor,
        note,
        released=release_addresses(page, actor),
        old=old,
        new=page.url_path,
    )
    return page


@under_tree_lock
def rename(*, page: Page, slug: str, actor: Actor, note: str = "", release: bool = False) -> Page:
    """
    Give `page` another last part of its address; old addresses redirect.

    Cost and `release` as in `move`. Raises Refused.
    """
    page = reread(page)
    raise_if_blocked(rename_blockers(page=page, slug=slug, release=release, actor=actor))
    old = page.url_path
    remember_addresses(ever_answered(page))
    change_slug(page, slug=slug)
    record_action(
        Action.RENAME,
        page,
        actor,
        note,
        released=release_addresses(page, actor),
        old=old,
        new=page.url_path,
    )
    return page


def ever_answered(page: Page) -> QuerySet[Page]:
    """The pages in this branch whose address a citizen may know."""
    branch: QuerySet[Page] = Page.objects.branch_of(page).ever_public(timezone.now())
    return branch


def release_addresses(page: Page, actor: Actor) -> list[str]:
    """
    End the redirects from addresses that the branch of `page` now has itself.

    Return those that led to another page; its own it simply has back. Each of the pages that
    have lost one has an event that says so: 1 query a page.
    """
    here = FormerAddress.objects.filter(
        url_path__in=Page.objects.branch_of(page).order_by().values("url_path")
    )
    rows = here.select_related("page").order_by("url_path")
    foreign = [row for row in rows if row.url_path != row.page.url_path]
    losing: dict[Page, list[str]] = {}
    for row in foreign:
        losing.setdefault(row.page, []).append(row.url_path)
    for target, lost in losing.items():
        record_action(Action.RENAME, target, actor, lost=lost)
    here.delete()
    return [row.url_path for row in foreign]
