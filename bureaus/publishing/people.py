"""Who keeps which branch: one verb, for the admin and for the command."""

from django.contrib.auth.models import Group, User

from bureaus.models import Page, Role, Stewardship, Verb
from bureaus.models.locks import under_tree_lock
from bureaus.models.pages import reread
from bureaus.publishing.reasons import refuse_if_any
from bureaus.publishing.records import Actor, record


@under_tree_lock
def appoint(
    *, name: str, role: Role, page: Page, actor: Actor, password: str | None = None
) -> User:
    """
    Make `name` a writer, approver or manager of `page` and all below it.

    An account that does not exist is made, with `password`; one that does keeps its own and what
    it has been given elsewhere. At most 20 queries. Raises Refused.
    """
    page = reread(page)
    refuse_if_any(Verb.APPOINT, name=name, role=role, page=page, password=password, actor=actor)
    account = User.objects.filter(username=name).first()
    if account is None:
        account = User.objects.create_user(name, password=password)
    if not account.is_staff:
        account.is_staff = True
        account.save(update_fields=["is_staff"])
    account.groups.add(group_for(page, role))
    record(Verb.APPOINT, page, actor, officer=name, role=role.value)
    return account


def group_for(page: Page, role: Role) -> Group:
    """The group that keeps `page` in this role; made where there is none."""
    found = Stewardship.objects.select_related("group").filter(page=page, role=role).first()
    if found is not None:
        return found.group
    # The key, because an address changes and another page may take it.
    group, _ = Group.objects.get_or_create(name=f"{page.url_path[:100]} {role.label} {page.pk}")
    Stewardship.objects.create(group=group, page=page, role=role)
    return group
