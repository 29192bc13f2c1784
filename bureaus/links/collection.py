"""Which addresses the editions in force link to."""

import re
from collections.abc import Iterable
from html import unescape

from django.utils import timezone

from bureaus.models import CheckedLink, Edition, Link, LinkUse
from bureaus.models.batches import batches
from bureaus.models.checked_links import digest_of
from bureaus.models.locks import tree_lock
from bureaus.proofreading import stored_name

HREF = re.compile(r'\shref="((?:https?:/)?/[^"]+)"', re.IGNORECASE)
LONGEST = 2_000  # characters of an address that is checked


def collect_links() -> int:
    """Store the links of all readable editions in force; return how many editions. Repeatable."""
    now = timezone.now()
    in_force = Edition.objects.in_force(now).readable()
    keys = list(in_force.order_by("pk").values_list("pk", flat=True))
    for some in batches(keys):
        with tree_lock():  # what a seal has deleted meanwhile is not stored again
            collect_from(list(some))
    LinkUse.objects.exclude(edition__in=in_force.values("pk")).delete()
    CheckedLink.objects.filter(uses=None).delete()
    return len(keys)


def collect_from(editions: list[int]) -> None:
    """Store the links of these editions, and forget those that they had. A few queries."""
    found = links_of(editions)
    addresses = {address for own in found.values() for address in own}
    CheckedLink.objects.bulk_create(
        (CheckedLink(address=address, digest=digest_of(address)) for address in addresses),
        ignore_conflicts=True,
    )
    digests = [digest_of(address) for address in addresses]
    keys = dict(CheckedLink.objects.filter(digest__in=digests).values_list("digest", "pk"))
    wanted = {
        (edition, keys[digest_of(address)]) for edition, own in found.items() for address in own
    }
    stored = LinkUse.objects.filter(edition__in=editions)
    rows = stored.values_list("pk", "edition", "link")
    stale = [pk for pk, edition, link in rows if (edition, link) not in wanted]
    LinkUse.objects.filter(pk__in=stale).delete()
    LinkUse.objects.bulk_create(
        (LinkUse(edition_id=edition, link_id=link) for edition, link in sorted(wanted)),
        ignore_conflicts=True,
    )


def links_of(editions: list[int]) -> dict[int, set[str]]:
    """Return the addresses in bodies and in the lists of links, without fragments. 2 queries."""
    bodies = Edition.objects.filter(pk__in=editions).values_list("pk", "body")
    found = {pk: set(addresses_in_body(body)) for pk, body in bodies}
    listed = Link.objects.filter(edition__in=editions).exclude(url="")
    for pk, url in listed.values_list("edition", "url"):
        found[pk].update(cleaned([url]))
    return found


def addresses_in_body(body: str) -> Iterable[str]:
    return cleaned(unescape(match[1]) for match in HREF.finditer(body))


def cleaned(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        bare = address.partition("#")[0]
        if bare.startswith("/"):
            bare = page_address(bare.partition("?")[0])
        if bare and len(bare) <= LONGEST:
            yield bare


def page_address(address: str) -> str:
    """Return the path of a page as it is stored, or of a document; nothing for other addresses."""
    name = "" if address.startswith("//") else stored_name(address)
    return f"/{name.removeprefix('/')}" if name else ""
