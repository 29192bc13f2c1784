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
    """A feed whose date is that of its newest news; Django's takes the present if it is empty."""

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["updated"]
        return moment


def atom_feed(feed: Feed, *, origin: str, host: str) -> str:
    """`host` is the name in the ids, which must stay the same for the life of the site."""
    news = NewsFeed(
        title=f"{strip_invisible(feed.title)}の新着情報",
        link=f"{origin}{feed.url}",
        description=None,
        language="ja",
        author_name=strip_invisible(feed.title),
        feed_url=f"{origin}{feed.self_url}",
        feed_guid=f"{tag_uri(host, feed)}/news",
        updated=feed.updated.astimezone(UTC),
    )
    for entry in feed.entries:
        news.add_item(**item_data(entry, origin, host))
    xml: str = news.writeString("utf-8")
    return xml


def item_data(entry: FeedEntry, origin: str, host: str) -> dict[str, Any]:
    """Text without the control characters that XML excludes."""
    summary = strip_invisible(excerpt(entry.lead or entry.beginning))
    return {
        "title": strip_invisible(entry.title),
        "link": f"{origin}{entry.url}",
        "description": escape(summary) or None,  # declared as HTML by Django
        "unique_id": tag_uri(host, entry),
        "pubdate": entry.published.astimezone(UTC),
        "updateddate": entry.updated.astimezone(UTC),
        "categories": [entry.category],
    }


def tag_uri(host: str, page: Feed | FeedEntry) -> str:
    """Return a tag URI (RFC 4151) of parts that neither a move nor a rename changes."""
    return f"tag:{host},{page.created_at.astimezone(UTC).year}:page-{page.page}"
