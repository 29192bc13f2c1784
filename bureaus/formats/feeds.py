"""The news as an Atom feed (RFC 4287)."""

from datetime import UTC, datetime
from html import escape
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from bureaus.reading import Feed, FeedEntry
from bureaus.text.formatting import excerpt
from bureaus.text.rich_text import strip_invisible

CONTENT_TYPE = Atom1Feed.content_type


class NewsFeed(Atom1Feed):
    """Of the moment of its newest news; Django's says now where a feed is empty."""

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["updated"]
        return moment


def atom(feed: Feed, *, origin: str, host: str) -> str:
    """`host` is the name in the ids, which may not change while the site is the same."""
    news = NewsFeed(
        title=f"{strip_invisible(feed.title)}の新着情報",
        link=f"{origin}{feed.url}",
        description=None,
        language="ja",
        author_name=strip_invisible(feed.title),
        feed_url=f"{origin}{feed.self_url}",
        feed_guid=f"{tag(host, feed)}/news",
        updated=feed.updated.astimezone(UTC),
    )
    for entry in feed.entries:
        news.add_item(**item(entry, origin, host))
    written: str = news.writeString("utf-8")
    return written


def item(entry: FeedEntry, origin: str, host: str) -> dict[str, Any]:
    """Control characters, which XML cannot hold, are left out of what an editor has typed."""
    summary = strip_invisible(excerpt(entry.lead or entry.beginning))
    return {
        "title": strip_invisible(entry.title),
        "link": f"{origin}{entry.url}",
        "description": escape(summary) or None,  # Django says that it is HTML
        "unique_id": tag(host, entry),
        "pubdate": entry.published.astimezone(UTC),
        "updateddate": entry.updated.astimezone(UTC),
        "categories": [entry.category],
    }


def tag(host: str, page: Feed | FeedEntry) -> str:
    """RFC 4151: a name that survives moves and renames, for neither changes what it is made of."""
    return f"tag:{host},{page.created_at.astimezone(UTC).year}:page-{page.page}"
