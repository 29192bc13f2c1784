"""Create the pages of the content in a new database."""

import json
import sys

import django

django.setup()

from django.core.management import call_command

from feincms3_site.models import HTML, Page

content = json.load(open(sys.argv[1]))
call_command("migrate", run_syncdb=True, verbosity=0)


def add(title, slug, parent=None, html="", **fields):
    page = Page(title=title, slug=slug, parent=parent, **fields)
    page.save()
    if html:
        HTML.objects.create(parent=page, region="main", ordering=10, html=html)
    return page


home = add(content["home"], "home", path="/", static_path=True)
guide = add("組織案内", "guide", home, in_menu=True)
for name in ("sitemap", "accessibility", "terms", "privacy"):
    add(name, name, home)
bureau = add(content["title"], "bureau", guide, content["html"], lead=content["lead"])
for number, each in enumerate(content["sections"]):
    add(each["title"], f"section-{number}", bureau, each["html"])
for number, each in enumerate(content["news"]):
    add(each["title"], f"news-{number}", bureau, day=each["issued_on"])
