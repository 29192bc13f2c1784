"""The views of what programs read beside pages: the list of data, Markdown, llms.txt."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bureaus.formats import markdown
from bureaus.reading import (
    DATA_URL,
    DataPage,
    Moment,
    Moved,
    PageView,
    answer_page,
    data_page,
    page_instead_of_list,
    present_moment,
    snapshot,
)
from bureaus.reading.request_paths import markdown_address, page_address
from bureaus.views.negotiation import origin_of, read_only
from bureaus.views.public import public_view, redirect, respond
from bureaus.views.rendering import page_html, rendered_response

ENDING = ".md"
NEWS_URL = "/news/"  # a list, which has no Markdown


@public_view()
def data(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    """Answer with the page that has the address, else with the list of data."""
    if former := page_instead_of_list(address, moment):
        return respond(request, former)
    if address != DATA_URL:
        return redirect(request, DATA_URL)
    answer = data_page(moment)
    if not isinstance(answer, DataPage):
        return respond(request, answer)
    return rendered_response(data_html, answer)


def data_html(answer: DataPage) -> bytes:
    return page_html(answer.template_name, answer)


@public_view()
def page_markdown(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    """Return a page as Markdown: /a/b.md; of the home page /index.md."""
    answer = answer_page(page_address(address, ENDING), moment)
    if isinstance(answer, PageView) and markdown_address(answer.url) != address:
        answer = Moved(answer.url)
    if isinstance(answer, Moved):
        return redirect(request, markdown_address(answer.url_path))
    if not isinstance(answer, PageView):
        return respond(request, answer)
    origin = origin_of(request)
    response = rendered_response(markdown_bytes, answer, origin, content_type=markdown.CONTENT_TYPE)
    response.headers["X-Robots-Tag"] = "noindex"  # the page itself is to be found
    response.headers["Link"] = f'<{origin}{moment.exact_address(answer.url)}>; rel="canonical"'
    return response


def markdown_bytes(page: PageView, origin: str) -> bytes:
    return markdown.page_markdown(page, origin).encode()


@read_only
def llms_txt(request: HttpRequest) -> HttpResponse:
    """Say to language models how to read the site (llmstxt.org). 1 query."""
    with snapshot():
        answer = data_page(present_moment())
    origin = origin_of(request)
    frame = answer.site_frame
    pages = [each for each in frame.navigation if each.url != NEWS_URL]
    entries = [(each.title, f"{origin}{markdown_address(each.url)}") for each in pages]
    context = {
        "answer": answer,
        "entries": entries,
        "home": frame.home,
        "origin": origin,
    }
    text = render_to_string("llms.txt", context)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
