"""Create a writer, and drafts with `body` in which the proofreader finds something."""

from bureaus.models import Role
from bureaus.publishing import edit, start_draft
from tests.helpers.cast import officer, place
from tests.helpers.reader import at


def main(name: str, body: str) -> None:
    guide = at("/main_sosiki/")
    writer = officer(name, {guide: [Role.WRITER]})
    for number in range(1, 10):
        draft = start_draft(page=place(guide, f"genkou{number}"), actor=writer)
        changes = {"title": f"原稿{number}", "lead": "㈱総務の会議です。", "body": body}
        edit(edition=draft, actor=writer, changes=changes, revision=1)
