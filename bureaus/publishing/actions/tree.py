"""The tree actions: each one transaction under the tree lock, with one audit entry, or Blocked."""

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
    end_redirects: bool = False,
) -> Page:
    """
    Add a page with a first, empty draft as the last child of `parent`. 23 queries.

    `end_redirects`: take the address even where it is a former address of another page. The
    redirect ends at once, before the draft is public, and the audit entries of both pages say so;
    only a manager of both may do it. Raises Blocked.
    """
    parent = reread(parent)
    raise_if_blocked(
        add_blockers(
            parent=parent,
            kind=kind,
            slug=slug,
            title=title,
            end_redirects=end_redirects,
            actor=actor,
        )
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
        Action.ADD, page, actor, note, edition=draft, released=end_foreign_redirects(page, actor)
    )
    return page


@under_tree_lock
def move(
    *, page: Page, to: Page, actor: Actor, note: str = "", end_redirects: bool = False
) -> Page:
    """
    Make `page`, with its branch, the last child of `to`; old addresses redirect.

    At most 30 queries for a branch of 1,000 pages. `end_redirects` as in `add`. Raises Blocked.
    """
    page, to = reread(page), reread(to)
    raise_if_blocked(move_blockers(page=page, to=to, end_redirects=end_redirects, actor=actor))
    old = page.url_path
    remember_addresses(public_branch(page))
    move_node(page, under=to)
    if page.kind == Kind.NEWS_ITEM:
        Edition.objects.filter(page=page).update(listed_under=to)
    record_action(
        Action.MOVE,
        page,
        actor,
        note,
        released=end_foreign_redirects(page, actor),
        old=old,
        new=page.url_path,
    )
    return page


@under_tree_lock
def rename(
    *, page: Page, slug: str, actor: Actor, note: str = "", end_redirects: bool = False
) -> Page:
    """
    Change the slug of `page`; old addresses redirect.

    Cost and `end_redirects` as in `move`. Raises Blocked.
    """
    page = reread(page)
    raise_if_blocked(
        rename_blockers(page=page, slug=slug, end_redirects=end_redirects, actor=actor)
    )
    old = page.url_path
    remember_addresses(public_branch(page))
    change_slug(page, slug=slug)
    record_action(
        Action.RENAME,
        page,
        actor,
        note,
        released=end_foreign_redirects(page, actor),
        old=old,
        new=page.url_path,
    )
    return page


def public_branch(page: Page) -> QuerySet[Page]:
    """Return the pages of this branch whose addresses the public knows."""
    branch: QuerySet[Page] = Page.objects.branch_of(page).ever_public(timezone.now())
    return branch


def end_foreign_redirects(page: Page, actor: Actor) -> list[str]:
    """
    End the redirects from the addresses that the branch of `page` now has.

    Return those that led to other pages. Each page that loses one gets an audit entry: 1 query a
    page.
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
