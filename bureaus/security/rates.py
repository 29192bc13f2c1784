"""
How often a client may do what costs: a count for each minute, in the cache.

It is shared by all machines where CACHE_URL names a cache, and else of each process. A cache that
is lost counts nothing: the site stays open.
"""

import time

from django.core.cache import cache

from bureaus.security.log import SecurityEvent, record_event

WINDOW = 60  # seconds


def seconds_to_wait(scope: str, client: str, limit: int) -> int:
    """Count one more, and return 0 or after how many seconds the next is counted anew."""
    if not limit:
        return 0
    now = time.time()
    key = f"rate:{scope}:{client}:{int(now // WINDOW)}"
    cache.add(key, 0, WINDOW)
    try:
        count = cache.incr(key)
    except ValueError:  # lost, or dropped between the two statements
        return 0
    if count == limit + 1:  # once for each minute and client
        record_event(SecurityEvent.RATE, refused=True, scope=scope, client=client)
    return WINDOW - int(now % WINDOW) if count > limit else 0
