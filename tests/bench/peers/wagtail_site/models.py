"""A page with a text, and a news item, as Wagtail's tutorial builds them."""

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import RichText


class TextPage(Page):
    lead = models.TextField(blank=True)
    body = RichTextField(blank=True)
    template = "page.html"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        home = Page.objects.get(depth=2)
        below_home = TextPage.objects.child_of(home).live().in_menu()
        sections = TextPage.objects.child_of(self).live()
        news = NewsPage.objects.descendant_of(self).live().order_by("-day")[:5]
        return context | {
            "title": self.title,
            "lead": self.lead,
            "body": RichText(self.body),
            "home": home,
            "canonical": self.full_url,
            "here": self.url,
            "menu": linked(below_home, request),
            "footer": linked(TextPage.objects.child_of(home).live().not_in_menu(), request),
            "ancestors": linked(self.get_ancestors().filter(depth__gt=1), request),
            "sections": [
                {"title": each.title, "url": each.get_url(request), "html": RichText(each.body)}
                for each in sections
            ],
            "news": [
                {"title": each.title, "url": each.get_url(request), "day": each.day}
                for each in news
            ],
        }


class NewsPage(Page):
    day = models.DateField()
    template = "page.html"


def linked(pages, request):
    return [{"title": each.title, "url": each.get_url(request)} for each in pages]
