"""Officers and editions for the browser's stories, put into a running site. Prints their keys."""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from bureaus.models import Role  # noqa: E402
from bureaus.publishing import approve_urgently, share  # noqa: E402
from tests.helpers.cast import officer, publish  # noqa: E402
from tests.helpers.editing import submitted  # noqa: E402
from tests.helpers.reader import at  # noqa: E402

root = at("/")
home = publish(root, "approval-desk", "判断の見本", live_from=timezone.now(), lead="要旨")
writer = officer("桜", {home: [Role.WRITER]})
approver = officer("梅", {home: [Role.APPROVER, Role.WRITER]})
waiting = submitted(home, writer, title="判断の見本", lead="新しい要旨", body="<p>本文です。</p>")
own = submitted(publish(home, "own", "自分の案", live_from=timezone.now(), lead="要旨"), approver)
urgent = submitted(publish(home, "urgent", "緊急の案", live_from=timezone.now()), approver)
approve_urgently(edition=urgent, actor=approver, reason="地震")
spare = submitted(publish(home, "spare", "予約する案", live_from=timezone.now()), writer)
token = share(edition=waiting, actor=writer).token
print(home.pk, waiting.pk, own.pk, urgent.pk, spare.pk, token)
