"""The cache that machines share: a real Redis that comes and goes."""

import logging
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.management import CommandError
from django.test import override_settings
from redis.exceptions import ResponseError

from bureaus.management.start_failures import refuse_silent_cache
from ministry_site.caches import Client
from ministry_site.services import cache as parse
from tests.helpers.redis_server import running_redis
from tests.settings import free_port


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which the site looks for Redis; nobody answers there yet."""
    port = free_port()
    with override_settings(CACHES={"default": parse(f"redis://127.0.0.1:{port}")}):
        yield port
    Client.paused_until = 0.0


def test_what_is_stored_is_read_elsewhere_and_its_loss_is_survived(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with running_redis(port):
        refuse_silent_cache()
        here, on_the_other_machine = caches["default"], caches.create_connection("default")
        here.set("answer", {"of": "both"})
        assert on_the_other_machine.get("answer") == {"of": "both"}
        assert here.add("count", 0)
        assert on_the_other_machine.incr("count", 2) == 2
    with caplog.at_level(logging.WARNING):
        assert here.get("answer", "nothing") == "nothing"
        here.set("answer", 1)
        assert here.add("answer", 1) is False
        with pytest.raises(ValueError, match="not found"):
            here.incr("answer")
    assert len(caplog.records) == 1
    with running_redis(port):
        Client.paused_until = 0.0
        here.set("answer", "again")
        assert on_the_other_machine.get("answer") == "again"


def test_a_server_that_refuses_to_write_is_an_empty_cache(port: int) -> None:
    def refuse() -> None:
        raise ResponseError("MISCONF Redis is configured to save RDB snapshots")

    assert Client([f"redis://127.0.0.1:{port}"]).attempt(refuse, "nothing") == "nothing"


def test_a_start_without_the_cache_is_refused_with_the_remedy(port: int) -> None:
    with pytest.raises(CommandError, match=r"CACHE_URL の Redis.*返事をしません"):
        refuse_silent_cache()
