"""What the public sees at (address, moment): frozen answers, and never a write."""

from bureaus.reading.moments import Moment, UnreadableMoment, moment_asked, present
from bureaus.reading.news import Filter, UnreadableFilter, filter_asked, list_news
from bureaus.reading.pages import answer, chrome
from bureaus.reading.shown import Answered, Gone, Missing, Moved, NewsList, ShownPage

__all__ = [
    "Answered",
    "Filter",
    "Gone",
    "Missing",
    "Moment",
    "Moved",
    "NewsList",
    "ShownPage",
    "UnreadableFilter",
    "UnreadableMoment",
    "answer",
    "chrome",
    "filter_asked",
    "list_news",
    "moment_asked",
    "present",
]
