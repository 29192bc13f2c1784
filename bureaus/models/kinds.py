"""The kinds of page, which may be below which, and the categories of each."""

from django.db import models


class Kind(models.TextChoices):
    PAGE = "page", "一般のページ"
    ORGANISATION = "organisation", "組織"
    POLICY_SECTION = "policy_section", "政策"
    NEWS_ITEM = "news_item", "新着情報"


# The kinds that may be below each kind.
KINDS_UNDER: dict[Kind, frozenset[Kind]] = {
    Kind.PAGE: frozenset({Kind.PAGE, Kind.ORGANISATION}),
    Kind.ORGANISATION: frozenset(Kind),
    Kind.POLICY_SECTION: frozenset({Kind.PAGE, Kind.POLICY_SECTION}),
    Kind.NEWS_ITEM: frozenset(),
}

ROOT_KIND = Kind.ORGANISATION
# The kinds of children that lists of the tree contain; news has lists of its own.
IN_THE_TREE = (Kind.PAGE, Kind.ORGANISATION, Kind.POLICY_SECTION)


class Category(models.TextChoices):
    GENERAL = "general", "一般"
    SITEMAP = "sitemap", "サイトマップ"
    POLICY_OF_SITE = "policy", "サイトの方針"
    MINISTRY = "ministry", "府省"
    SECRETARIAT = "secretariat", "官房"
    BUREAU = "bureau", "局"
    DEPARTMENT = "department", "部"
    DIVISION = "division", "課"
    OFFICE = "office", "室"
    MEASURE = "measure", "施策"
    PRESS = "press", "報道資料"
    MEETING = "meeting", "会議・研究会"
    CONSULTATION = "consultation", "意見募集"
    WHITEPAPER = "whitepaper", "白書"
    INVITATION = "invitation", "公募"


# The categories of each kind; the first is the default.
CATEGORIES_OF: dict[Kind, tuple[Category, ...]] = {
    Kind.PAGE: (Category.GENERAL, Category.SITEMAP, Category.POLICY_OF_SITE),
    Kind.ORGANISATION: (
        Category.DIVISION,
        Category.MINISTRY,
        Category.SECRETARIAT,
        Category.BUREAU,
        Category.DEPARTMENT,
        Category.OFFICE,
    ),
    Kind.POLICY_SECTION: (Category.MEASURE,),
    Kind.NEWS_ITEM: (
        Category.PRESS,
        Category.MEETING,
        Category.CONSULTATION,
        Category.WHITEPAPER,
        Category.INVITATION,
    ),
}
