"""Create the writers named by the arguments, and drafts for them to edit."""

from bureaus.models import Role
from bureaus.publishing import edit, start_draft
from tests.helpers.cast import officer, place
from tests.helpers.reader import at


def main(password: str, *names: str) -> None:
    guide = at("/main_sosiki/")
    for name in names:
        writer = officer(name, {guide: [Role.WRITER]})
        writer.set_password(password)
        writer.save()
    for number in range(1, 25):
        draft = start_draft(page=place(guide, f"genkou{number}"), actor=None)
        changes = {"title": f"原稿{number}", "lead": "要旨。"}
        edit(edition=draft, actor=None, changes=changes, revision=1)
