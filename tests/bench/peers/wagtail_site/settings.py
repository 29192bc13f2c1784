from base_settings import *
from base_settings import DJANGO_APPS

INSTALLED_APPS = [
    "wagtail_site",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "modelcluster",
    *DJANGO_APPS,
]
ROOT_URLCONF = "wagtail_site.urls"
WAGTAIL_SITE_NAME = "peer"
WAGTAILADMIN_BASE_URL = "http://localhost"
# Written when the site is built, beside its database.
MIGRATION_MODULES = {"wagtail_site": "peer_migrations"}
