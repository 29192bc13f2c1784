from django.contrib.admin.apps import AdminConfig


class OfficersConfig(AdminConfig):
    """Django's admin, with the officers' own first page and addresses."""

    default_site = "ministry_site.officers.OfficersSite"
