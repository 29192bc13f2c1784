"""What an event keeps besides its note, in the words of an officer."""

from datetime import datetime
from typing import Any

from bureaus.models import Event, Role, Verb
from bureaus.text import japanese_moment


def details_of(event: Event) -> str:
    details: dict[str, Any] = event.details
    is_end = event.verb == Verb.DISMISS
    told = {
        "source": lambda value: f"第{value}版から",
        "number": lambda value: f"第{value}版「{details.get('title', '（無題）')}」",
        "booked": lambda value: f"{japanese_moment(datetime.fromisoformat(value))}に公開",
        "old": lambda value: f"旧アドレス {value}",
        "released": lambda value: f"転送をやめたアドレス {'、'.join(value)}",
        "lost": lambda value: (
            f"ほかのページが使うため、転送が終わった旧アドレス {'、'.join(value)}"
        ),
        "officer": lambda value: (
            f"{value}を{Role(details['role']).label}{'から外す' if is_end else 'に'}"
        ),
    }
    return "　".join(say(details[name]) for name, say in told.items() if name in details)
