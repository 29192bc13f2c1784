"""The roles that groups have in the branches of the tree."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from bureaus.models.pages import Page


class Role(models.TextChoices):
    WRITER = "writer", "作成者"
    APPROVER = "approver", "承認者"
    MANAGER = "manager", "管理者"


class BranchRoleManager(models.Manager["BranchRole"]):
    def get_by_natural_key(self, group: str, key: str, role: str) -> "BranchRole":
        return self.get(group__name=group, page__key=key, role=role)


class BranchRole(models.Model):
    """The role of the members of `group` in the branch of `page`."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="branch_roles", verbose_name="グループ"
    )
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="branch_roles", verbose_name="担当の先頭"
    )
    role = models.CharField("役割", max_length=10, choices=Role.choices)

    objects = BranchRoleManager()

    class Meta:
        verbose_name = verbose_name_plural = "担当"
        ordering = ["page", "role", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "page", "role"],
                name="branch_role_once",
                violation_error_message="このグループは、このページのこの役割をもう持っています。",
            ),
            models.CheckConstraint(
                name="branch_role_is_known",
                violation_error_message="役割は writer・approver・manager のどれかです。",
                condition=Q(role__in=[str(role) for role in Role]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.page} {self.get_role_display()}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.group.name, self.page.key, self.role)

    natural_key.dependencies = ["auth.group", "bureaus.page"]  # type: ignore[attr-defined]
