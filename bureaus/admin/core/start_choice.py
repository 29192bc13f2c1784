"""When a change of the tree begins, as an officer chooses it: now, or at a booked moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.moment_form import MomentForm
from bureaus.publishing import Blocker
from bureaus.publishing.blockers.tree import past_blockers
from bureaus.text.formatting import japanese_moment

NOW, LATER = "now", "later"
BOTH = "「いま」が選ばれていますが、日時も入っています。どちらか一方にしてください。"


@dataclass(frozen=True, slots=True)
class StartChoice:
    """
    The choice in a form; without one it is now.

    `error` and `past` are shown beside the fields: nothing is planned for a moment that is over.
    """

    choice: str
    form: MomentForm
    error: str
    past: tuple[Blocker, ...]

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        is_typed = bool(data.get("date") or data.get("time"))
        choice = data.get("when", "")
        if choice not in {NOW, LATER}:
            choice = LATER if is_typed else NOW
        form = MomentForm(data if is_typed or choice == LATER else None)
        is_later = choice == LATER and form.is_valid()
        past = tuple(past_blockers(form.moment)) if is_later else ()
        return cls(choice, form, BOTH if choice == NOW and is_typed else "", past)

    @property
    def is_later(self) -> bool:
        return self.choice == LATER

    @property
    def is_valid(self) -> bool:
        if not self.is_later:
            return not self.error
        return self.form.is_valid() and not self.past

    @property
    def at(self) -> datetime | None:
        """The booked moment; None for now. Of a valid choice only."""
        return self.form.moment if self.is_later and self.is_valid else None

    @property
    def moment(self) -> datetime:
        """The moment at which the tree is looked at."""
        return self.at or timezone.now()

    @property
    def words(self) -> str:
        """The start, for the button and the heading of a summary."""
        return japanese_moment(self.at) if self.at else "いま"

    @property
    def fields(self) -> Mapping[str, str]:
        """The choice as the hidden fields of another form."""
        if not self.is_later:
            return {"when": NOW}
        return {name: self.form.data.get(name, "") for name in ("date", "time")} | {"when": LATER}

    @property
    def query(self) -> str:
        return urlencode(self.fields)


def release_form(change: str, start: StartChoice) -> str:
    """Return the address of the form of a release with this change of the tree in it."""
    return f"{admin_url('release')}?change={change}&{start.query}"
