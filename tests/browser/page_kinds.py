"""Every kind of page, and the hard ones, by a name to find them by in a report."""

from tests.helpers.reader import BUREAU, GUIDE, NEWS_ITEM, SECTIONS

WIDTHS = (360, 768, 1440)
KINDS = {
    "home": "/",
    "guide": GUIDE,
    "bureau": BUREAU,
    "bureau-without-content": f"{GUIDE}toukei/",
    "section": SECTIONS[1],
    "news-item": NEWS_ITEM,
    "news-of-the-site": "/news/",
    "news-of-the-bureau-filtered": f"{BUREAU}news/?year=2013&category=meeting",
    "sitemap": "/sitemap/",
    "accessibility": "/accessibility/",
    "terms": "/terms/",
    "privacy": "/privacy/",
    "data": "/data/",
    "search": "/search/?q=ICT",
    "search-narrowed": "/search/?q=ICT&kind=news_item&sort=date&year=2013&archived=on",
    "search-second-page": "/search/?q=%E7%B7%8F%E5%8B%99%E7%9C%81&page=2",
    "search-similar": "/search/?q=ICT%E6%94%BF%E7%AD%96%E3%83%A0%E3%83%BC",
    "search-without-words": "/search/",
    "search-in-vain": "/search/?q=%E3%83%A0%E3%83%BC%E3%83%9F%E3%83%B3",
    "bureau-in-the-past": f"{BUREAU}?at=2013-08-01",
}
HARD = {
    "long-name": f"{GUIDE}nagai_namae/",
    "one-section": f"{GUIDE}hitotsu/",
    "news-with-pages": f"{GUIDE}hitotsu/news/?page=2",
    "news-item-with-documents": f"{GUIDE}hitotsu/shiryo/",
    "eight-sections": f"{GUIDE}yattsu/",
    "chart": f"{GUIDE}soshikizu/",
    "figures": f"{GUIDE}zu/",
    "tables": f"{GUIDE}hyo/",
    "whole-body": f"{GUIDE}honbun/",
    "long-address": f"{GUIDE}eigo/",
    "ten-levels-deep": f"{GUIDE}{''.join(f'dan{level}/' for level in range(2, 10))}",
    "archived": f"{GUIDE}hozon/",
    "history": f"{GUIDE}hozon/history/",
    "comparison": f"{GUIDE}hozon/history/?older=1&newer=2",
    "archived-in-the-past": f"{GUIDE}hozon/?at=2013-08-01",
    "history-in-the-past": f"{GUIDE}hozon/history/?at=2013-08-01",
    "history-of-one-edition": "/terms/history/",
    "news-in-the-past": "/news/?year=2013&at=2014-08-01",
}
REFUSALS = {
    "404": f"{BUREAU}nothing/",
    "404-with-words": "/%E6%94%BF%E7%AD%96/nothing-here/",
    "404-not-yet": "/?at=2001-01-01",
    "404-page-not-yet": f"{BUREAU}?at=2001-01-01",
    "404-list": "/news/?page=99",
    "410": f"{GUIDE}sakujo/",
    "400": "/?at=never",
    "400-future": "/?at=9998-01-01",
}
PAGES = KINDS | HARD | REFUSALS
