from base_settings import *
from base_settings import DJANGO_APPS

INSTALLED_APPS = ["feincms3_site", "feincms3", "content_editor", "tree_queries", *DJANGO_APPS]
ROOT_URLCONF = "feincms3_site.urls"
