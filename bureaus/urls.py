from django.urls import path, re_path

from bureaus.views import files, public

# Addresses that are not pages come first; models.addresses.RESERVED_SLUGS keeps slugs off them.
urlpatterns = [
    path("media/<path:name>", files.image),
    path("documents/<path:name>", files.document),
    re_path(r"^(?P<address>(?:[^/]+/)*news(?:/(?:index\.html?)?)?)$", public.news),
    re_path(r"^(?P<address>(?s:.*))$", public.page),
]
