"""Loading fixtures: read and validate, store in one transaction, check the whole site."""

from bureaus.loading.fixture_records import DamagedFixture, Record, read_records
from bureaus.loading.media import copied_media
from bureaus.loading.site_checks import refuse_broken_site, refuse_damaged
from bureaus.loading.store import Store

__all__ = [
    "DamagedFixture",
    "Record",
    "Store",
    "copied_media",
    "read_records",
    "refuse_broken_site",
    "refuse_damaged",
]
