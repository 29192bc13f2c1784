"""The pages from the root to an address, with their editions in force."""

from bureaus.models.addresses import DEPTH_LIMIT, address_chain
from bureaus.reading import statements
from bureaus.reading.moments import Moment
from bureaus.reading.rows import PageRow


def find_ancestors(address: str, moment: Moment) -> list[PageRow]:
    """Return the pages in force from the root to `address`, itself last. 1 query."""
    addresses = address_chain(address)
    if not addresses or len(addresses) > DEPTH_LIMIT:
        return []
    values = {f"address{number}": text for number, text in enumerate(addresses)}
    return statements.ancestors_of(len(addresses))(at=moment.at, **values)
