"""Create a returned draft, one in review, and one whose page goes with it. Nothing goes public."""

from bureaus.models import Kind, Role
from bureaus.publishing import add, return_
from tests.helpers.cast import officer
from tests.helpers.editing import submitted
from tests.helpers.reader import BUREAU, GUIDE, at


def main() -> None:
    guide, bureau, record = (at(path) for path in (GUIDE, BUREAU, f"{GUIDE}hozon/"))
    writer = officer("机の作成者", {guide: [Role.WRITER]})
    approver = officer("机の承認者", {guide: [Role.APPROVER]})
    officer("机の管理者", {guide: [Role.MANAGER]})
    comment = "年を直してください。"
    return_(edition=submitted(bureau, writer), actor=approver, comment=comment)
    submitted(record, writer)
    add(parent=guide, kind=Kind.PAGE, slug="tsukue", title="机のページ", actor=writer)
