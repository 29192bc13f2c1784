"""The cache that machines share, on Redis or Valkey; without it the site is slower, not down."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends import redis as django_redis
from redis.exceptions import RedisError

PAUSE = 5.0  # seconds in which a lost server is not asked again
SECONDS = 1.0  # to accept a connection, and for each answer
log = logging.getLogger(__name__)


class Client(django_redis.RedisCacheClient):
    """Django's, which behaves as an empty cache while the server does not answer or refuses."""

    paused_until = 0.0  # of the whole process: one request finds out for all

    def attempt(self, call: Callable[[], Any], lost: Any) -> Any:
        if time.monotonic() < Client.paused_until:
            return lost
        try:
            return call()
        except RedisError as error:  # a full or read-only server answers with one too
            Client.paused_until = time.monotonic() + PAUSE
            log.warning("共有のキャッシュ（CACHE_URL）が使えません（%s）。", error)
            return lost

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self.attempt(partial(super().add, key, value, timeout), False)

    def get(self, key: Any, default: Any) -> Any:
        return self.attempt(partial(super().get, key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self.attempt(partial(super().set, key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self.attempt(partial(super().touch, key, timeout), False)

    def delete(self, key: Any) -> Any:
        return self.attempt(partial(super().delete, key), False)

    def get_many(self, keys: Any) -> Any:
        return self.attempt(partial(super().get_many, keys), {})

    def has_key(self, key: Any) -> Any:
        return self.attempt(partial(super().has_key, key), False)

    def incr(self, key: Any, delta: int) -> Any:
        """Raise ValueError without the server, as for a key that is missing."""
        found = self.attempt(partial(super().incr, key, delta), None)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def set_many(self, data: Any, timeout: Any) -> None:
        self.attempt(partial(super().set_many, data, timeout), None)

    def delete_many(self, keys: Any) -> None:
        self.attempt(partial(super().delete_many, keys), None)

    def clear(self) -> Any:
        return self.attempt(super().clear, False)


class RedisCache(django_redis.RedisCache):
    _options: dict[str, Any]

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
        self._options |= {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS}

    def ping(self) -> bool:
        """Return whether the server answers, and say it in the log otherwise; no pause counts."""
        client: Any = self._cache
        Client.paused_until = 0.0
        return bool(client.attempt(client.get_client().ping, False))
