"""Refusing a damaged fixture whole: before anything is stored, and again after all of it is."""

from bureaus.integrity import problems
from bureaus.loading.contents import body_faults, interval_faults
from bureaus.loading.places import place_faults
from bureaus.loading.records import Damaged, Record
from bureaus.loading.shapes import shape_faults


def refuse_damaged(records: list[Record]) -> None:
    """Raise Damaged with all that is wrong with these records. 6 queries for a few hundred."""
    sentences = [*shape_faults(records)]
    if not sentences:
        ours = [record for record in records if record.is_ours]
        sentences += [*place_faults(ours), *body_faults(ours), *interval_faults(ours)]
    if sentences:
        raise Damaged(*sentences)


def refuse_broken_site(records: list[Record]) -> None:
    """Raise Damaged where the site, with `records` stored, has any problem. 4 queries."""
    places = {address: record for record in reversed(records) for address in addresses_of(record)}
    found = problems()
    if found:
        raise Damaged(
            *(
                f"{places.get(problem.address, problem.address)}：{problem.sentence}"
                "fixture を直すか、check_site で今のサイトを確かめてください。"
                for problem in found
            )
        )


def addresses_of(record: Record) -> list[str]:
    """Return the address that a record is about, if it says so."""
    page = record.fields.get("url_path") or record.fields.get("page")
    page = page[0] if isinstance(page, list) else page
    return [page] if record.is_ours and isinstance(page, str) else []
