from django.contrib.admin.apps import AdminConfig


class MinistryAdminConfig(AdminConfig):
    """Django's admin, with the officers' first page and addresses."""

    default_site = "ministry_site.admin_site.MinistryAdminSite"
