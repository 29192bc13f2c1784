"""Create a manager of the whole site who also approves, drafts in review, and long branches."""

from bureaus.models import Kind, Page, Role
from bureaus.publishing import add, edit, submit
from tests.helpers.cast import officer
from tests.helpers.reader import at

BRANCHES = (("承認", "shonin"), ("引越", "hikkoshi"), ("木", "ki"))


def main(password: str) -> None:
    root = at("/")
    manager = officer("木村", {root: [Role.MANAGER, Role.APPROVER]})
    manager.set_password(password)
    manager.save()
    for name, slug in BRANCHES:
        branch = add(parent=root, kind=Kind.PAGE, slug=slug, title=f"{name}の見本", actor=None)
        add_pages(branch, name)
        submit_draft(branch.url_path)
        submit_draft(f"{branch.url_path}eda0/")


def add_pages(branch: Page, name: str) -> None:
    for number in range(3):
        title = f"{name}の枝{number}"
        page = add(parent=branch, kind=Kind.PAGE, slug=f"eda{number}", title=title, actor=None)
    for number in range(104):
        title = f"{name}の葉{number}"
        add(parent=page, kind=Kind.PAGE, slug=f"ha{number}", title=title, actor=None)


def submit_draft(url_path: str) -> None:
    edition = at(url_path).editions.get()
    changes, revision = {"lead": "要旨"}, edition.revision
    submit(
        edition=edit(edition=edition, actor=None, changes=changes, revision=revision), actor=None
    )
