"""Create officers with drafts, reviews, bookings and an urgent approval on their dashboards."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Role
from bureaus.publishing import approve, approve_urgently, return_
from tests.helpers.cast import children_of, officer
from tests.helpers.editing import drafted, submitted
from tests.helpers.reader import at


def main() -> None:
    bureau = at("/main_sosiki/joho_kokusai/")
    pages = children_of(bureau)[:8]
    writer = officer("鈴木", {bureau: [Role.WRITER]})
    approver = officer("佐藤", {bureau: [Role.APPROVER]})
    both = officer("高橋", {bureau: [Role.APPROVER, Role.WRITER]})
    officer("渡辺", {bureau: [Role.MANAGER]})
    officer("新人", {bureau: [Role.WRITER]})
    User.objects.create_superuser("田中", password="ひみつ-田中-2013")
    tomorrow = timezone.now() + timedelta(days=1)
    drafted(pages[0], both)
    comment = "年を西暦にしてください。"
    return_(edition=submitted(pages[1], both), actor=approver, comment=comment)
    submitted(pages[2], writer)
    approve(editions=[submitted(pages[3], writer)], actor=approver, at=tomorrow)
    release = [submitted(page, writer) for page in pages[4:6]]
    approve(editions=release, actor=approver, at=tomorrow)
    approve_urgently(edition=drafted(pages[6], writer), actor=both, reason="台風のため。")
