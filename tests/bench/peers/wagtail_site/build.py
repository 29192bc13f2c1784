"""Create the pages of the content in a new database."""

import json
import sys

import django

django.setup()

from django.core.management import call_command
from wagtail.models import Page, Site

from wagtail_site.models import NewsPage, TextPage

content = json.load(open(sys.argv[1]))
call_command("makemigrations", "wagtail_site", verbosity=0)
call_command("migrate", verbosity=0)
root = Page.objects.get(depth=1)
for each in root.get_children():
    each.delete()
root.refresh_from_db()
home = root.add_child(instance=TextPage(title=content["home"], slug="home"))
Site.objects.update_or_create(
    is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
)
guide = home.add_child(instance=TextPage(title="組織案内", slug="guide", show_in_menus=True))
for name in ("sitemap", "accessibility", "terms", "privacy"):
    home.add_child(instance=TextPage(title=name, slug=name))
bureau = guide.add_child(
    instance=TextPage(
        title=content["title"], slug="bureau", lead=content["lead"], body=content["html"]
    )
)
for number, each in enumerate(content["sections"]):
    bureau.add_child(
        instance=TextPage(title=each["title"], slug=f"section-{number}", body=each["html"])
    )
for number, each in enumerate(content["news"]):
    bureau.add_child(
        instance=NewsPage(title=each["title"], slug=f"news-{number}", day=each["issued_on"])
    )
