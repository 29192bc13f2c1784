"""Refusal of a damaged fixture as a whole, before it is stored and after."""

from bureaus.integrity import problems
from bureaus.loading.account_validators import account_faults
from bureaus.loading.content_validators import body_faults, interval_faults
from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.placement_validators import placement_faults
from bureaus.loading.tree_validators import tree_faults
from bureaus.loading.type_validators import type_faults


def refuse_damaged(records: list[Record]) -> None:
    """Raise DamagedFixture with all faults of these records. 6 queries for a few hundred."""
    sentences = [*type_faults(records)]
    if not sentences:
        ours = [record for record in records if record.is_ours]
        sentences += account_faults(records)
        sentences += [*tree_faults(ours), *placement_faults(ours)]
        sentences += [*body_faults(ours), *interval_faults(ours)]
    if sentences:
        raise DamagedFixture(*sentences)


def refuse_broken_site(records: list[Record]) -> None:
    """Raise DamagedFixture where the site, with `records` stored, has any problem."""
    places = {address: record for record in reversed(records) for address in addresses_of(record)}
    found = problems()
    if found:
        raise DamagedFixture(
            *(
                f"{places.get(problem.address, problem.address)}：{problem.sentence}"
                "fixture を直すか、check_site で今のサイトを確かめてください。"
                for problem in found
            )
        )


def addresses_of(record: Record) -> list[str]:
    """Return the address or the key of the record's page, if it has one."""
    names = (record.fields.get(field) for field in ("url_path", "key", "page"))
    page = next(filter(None, names), None)
    page = page[0] if isinstance(page, list) else page
    return [page] if record.is_ours and isinstance(page, str) else []
