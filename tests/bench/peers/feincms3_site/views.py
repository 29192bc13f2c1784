from django.shortcuts import get_object_or_404, render
from feincms3.plugins import html
from feincms3.renderer import RegionRenderer

from feincms3_site.models import HTML, Page

renderer = RegionRenderer()
renderer.register(HTML, lambda plugin, _context: html.render_html(plugin))


def page(request, path):
    here = get_object_or_404(Page.objects.active(), path=f"/{path}")
    flat = Page.objects.active().without_tree_fields()
    home = flat.get(path="/")
    top = list(flat.filter(parent=home).order_by("position"))
    children = list(flat.filter(parent=here, day=None).order_by("position"))
    context = {
        "title": here.title,
        "lead": here.lead,
        "body": renderer.regions_from_item(here).render("main", {}),
        "home": home,
        "canonical": request.build_absolute_uri(here.path),
        "here": here.path,
        "menu": [each for each in top if each.in_menu],
        "footer": [each for each in top if not each.in_menu],
        "ancestors": here.ancestors(),
        "sections": [
            {
                "title": each.title,
                "url": each.path,
                "html": renderer.regions_from_item(each).render("main", {}),
            }
            for each in children
        ],
        "news": flat.filter(parent=here).exclude(day=None).order_by("-day")[:5],
    }
    return render(request, "page.html", context)
