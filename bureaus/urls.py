from django.urls import path, re_path

from bureaus.views import files, health, machines, public, search, shared_drafts

# Addresses that are not pages come first; models.addresses.RESERVED_SLUGS keeps slugs off them.
# No slug holds a dot, so what ends like a file is no page.
urlpatterns = [
    path("media/<path:name>", files.image),
    path("documents/<path:name>", files.document),
    path("preview/<str:token>", shared_drafts.draft),  # mail programs cut off the last stroke
    path("preview/<str:token>/", shared_drafts.draft),
    path("preview/<str:token>/files/<path:name>", shared_drafts.file),
    path("healthz", health.healthz),
    path("opensearch.xml", search.description),
    path("search/suggestions.json", search.suggest),
    path("robots.txt", machines.robots),
    path(".well-known/security.txt", machines.security),
    path("sitemap.xml", machines.sitemap),
    re_path(r"^sitemap-(?P<number>[1-9][0-9]{0,3})\.xml\Z", machines.part_of_sitemap),
    path("organisations.csv", machines.organisations_as_csv),
    re_path(r"^(?P<address>(?:[^/]+/)*news\.csv)\Z", machines.news_as_csv),
    re_path(r"^(?P<address>(?:[^/]+/)*feed\.xml)\Z", machines.feed),
    re_path(r"^(?P<address>(?:[^/]+/)*news\.json)\Z", machines.news_as_json),
    re_path(r"^(?P<address>(?s:.*)\.json)\Z", machines.page_as_json),
    re_path(r"^(?P<address>(?:[^/]+/)*history(?:/(?:index\.html?)?)?)\Z", public.history),
    re_path(r"^(?P<address>search(?:/(?:index\.html?)?)?)\Z", search.search_pages),
    re_path(r"^(?P<address>(?:[^/]+/)*news(?:/(?:index\.html?)?)?)$", public.news),
    re_path(r"^(?P<address>(?s:.*))$", public.page),
]
