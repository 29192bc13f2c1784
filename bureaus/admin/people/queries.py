"""The role holders in the branches of a manager."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from bureaus.admin.core.managed_pages import title_of
from bureaus.models import BranchRole, Role
from bureaus.models.pages import placement_at
from bureaus.permissions import Grants


class RoleRow(NamedTuple):
    """A person in a role of a branch. `last_login` is None before the first login."""

    page: int
    url_path: str
    title: str
    role: str
    name: str
    last_login: datetime | None
    is_active: bool

    @property
    def branch(self) -> tuple[int, str, str]:
        return self.page, self.url_path, self.title or "（無題）"

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def role_rows(grants: Grants) -> QuerySet[BranchRole, Any]:
    """Return the fields of a RoleRow for the officer's branches, in the order of the tree."""
    return (
        BranchRole.objects.filter(
            grants.in_branches(Role.MANAGER, prefix="page__"), group__user__isnull=False
        )
        .annotate(title=title_of("page"), placement=placement_at(timezone.now(), "page__"))
        .order_by("placement__path", "role", "group__user__username")
        .values_list(
            "page_id",
            "placement__url_path",
            "title",
            "role",
            "group__user__username",
            "group__user__last_login",
            "group__user__is_active",
        )
        .distinct()
    )
