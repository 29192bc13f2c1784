from django.urls import path, re_path

from bureaus.views import data, files, health, machine_readable, public, search, shared_drafts

# Addresses that are not pages come first; models.addresses.RESERVED_SLUGS reserves their names.
# No slug contains a dot, so an address with a file ending is no page.
urlpatterns = [
    path("media/<path:name>", files.image),
    path("documents/<path:name>", files.document),
    path("preview/<str:name>", shared_drafts.draft),  # mail programs drop the last slash
    path("preview/<str:name>/", shared_drafts.draft),
    path("preview/<str:name>/files/<path:file>", shared_drafts.file),
    path("healthz", health.healthz),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("opensearch.xml", search.opensearch_description),
    path("search/suggestions.json", search.suggestions),
    path("robots.txt", machine_readable.robots_txt),
    path(".well-known/security.txt", machine_readable.security_txt),
    path("sitemap.xml", machine_readable.sitemap),
    re_path(r"^sitemap-(?P<number>[1-9][0-9]{0,3})\.xml\Z", machine_readable.sitemap_part_view),
    path("openapi.json", machine_readable.openapi),
    path("llms.txt", data.llms_txt),
    path("organisations.csv", machine_readable.organisations_csv),
    re_path(r"^(?P<address>(?:[^/]+/)*news\.csv)\Z", machine_readable.news_csv),
    re_path(r"^(?P<address>(?:[^/]+/)*events\.ics)\Z", machine_readable.events_ics),
    re_path(r"^(?P<address>(?:[^/]+/)*events\.json)\Z", machine_readable.events_json),
    re_path(r"^(?P<address>(?:[^/]+/)*feed\.xml)\Z", machine_readable.news_feed),
    re_path(r"^(?P<address>(?:[^/]+/)*news\.json)\Z", machine_readable.news_json),
    re_path(r"^(?P<address>(?:[^/]+/)*history/timemap\.link)\Z", machine_readable.timemap_text),
    re_path(r"^(?P<address>(?:[^/]+/)*history/timemap\.json)\Z", machine_readable.timemap_json),
    re_path(r"^(?P<address>(?s:.*)\.json)\Z", machine_readable.page_json),
    re_path(r"^(?P<address>(?s:.*)\.ics)\Z", machine_readable.page_ics),
    re_path(r"^(?P<address>(?s:.*)\.md)\Z", data.page_markdown),
    re_path(r"^(?P<address>data(?:/(?:index\.html?)?)?)\Z", data.data),
    re_path(r"^(?P<address>(?:[^/]+/)*history(?:/(?:index\.html?)?)?)\Z", public.history),
    re_path(r"^(?P<address>search(?:/(?:index\.html?)?)?)\Z", search.results),
    re_path(r"^(?P<address>(?:[^/]+/)*news(?:/(?:index\.html?)?)?)$", public.news_list),
    re_path(r"^(?P<address>(?:[^/]+/)*events(?:/(?:index\.html?)?)?)$", public.event_list),
    re_path(r"^(?P<address>(?s:.*))$", public.page, name="page"),
]
