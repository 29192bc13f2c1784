"""Create a writer, an approver, and editions that wait; write their numbers into a file."""

import json
from pathlib import Path

from bureaus.models import Role
from tests.helpers.cast import officer
from tests.helpers.editing import submitted
from tests.helpers.reader import SECTIONS, at


def main(password: str, file: str) -> None:
    writer = officer("鈴木", {at("/"): [Role.WRITER]})
    approver = officer("佐藤", {at("/"): [Role.APPROVER]})
    approver.set_password(password)
    approver.save()
    waiting = {
        address: submitted(at(address), writer, lead=f"新しい要旨{number}。").pk
        for number, address in enumerate(SECTIONS)
    }
    Path(file).write_text(json.dumps(waiting))
