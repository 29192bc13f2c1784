"""A page with a region of HTML, and a news item, as feincms3's guide builds them."""

from content_editor.models import Region, create_plugin_base
from django.db import models
from feincms3 import pages, plugins


class Page(pages.AbstractPage):
    regions = [Region(key="main", title="main")]
    lead = models.TextField(blank=True)
    in_menu = models.BooleanField(default=False)
    day = models.DateField(null=True)

    @property
    def url(self):
        return self.path


PagePlugin = create_plugin_base(Page)


class HTML(plugins.html.HTML, PagePlugin):
    pass
