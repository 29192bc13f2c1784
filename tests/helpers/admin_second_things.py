"""What is sent to an address of the admin besides the thing that it names: a foreign page."""

from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tests.helpers.admin_world import SECRETS, Thing, World

Told = list[tuple[str, str, dict[str, Any]]]  # method, address, what is sent


def foreign(world: World) -> list[Thing]:
    return [world.pages[f"{name} B"] for name in ("public", "review", "hidden")]


def moves(world: World) -> Told:
    address = reverse("admin:page-move", args=[world.pages["public A"].pk])
    names = ("to", "target", "under", "parent")
    return [
        (method, f"{address}?to={thing.pk}", dict.fromkeys(names, thing.pk) | {"confirmed": 1})
        for thing, method in product(foreign(world), ("get", "post"))
    ]


def drafts(world: World) -> Told:
    address = reverse("admin:page-draft", args=[world.pages["public A"].pk])
    return [("post", address, {"source": number}) for number in (99, "x", -1, 10**30)]


def comparisons(world: World) -> Told:
    address = reverse("admin:page-compare", args=[world.pages["public A"].pk])
    number = str(world.editions["hidden B"].pk)
    values = [("1", "99"), ("x", "1"), ("1", str(10**30)), (number, "1"), ("", "")]
    return [("get", f"{address}?older={old}&newer={new}", {}) for old, new in values]


def searches(world: World) -> Told:
    address = reverse("admin:page-search")
    words = ("himitsu", SECRETS["B"], "統計", "公開", str(world.pages["hidden B"].pk))
    return [("get", f"{address}?q={word}", {}) for word in words]


def several(world: World) -> Told:
    address, own = reverse("admin:bulk-action"), world.pages["draft A"].pk
    return [
        ("post", address, {"action": action, "page": [own, thing.pk], "at": ""})
        for action, thing in product(("approve", "book", "return", "x"), foreign(world))
    ]


def releases(world: World) -> Told:
    address, own = reverse("admin:release"), world.editions["review A"].pk
    others = [world.editions[f"{name} B"].pk for name in ("review", "hidden", "booked")]
    page = world.pages["public A"].pk
    values: list[dict[str, Any]] = [
        *({"edition": [own, pk]} for pk in others),
        *({"edition": [own], "change": f"{thing.pk}-slug-x"} for thing in foreign(world)),
        *({"edition": [own], "change": f"{page}-to-{thing.pk}"} for thing in foreign(world)),
    ]
    return [
        (method, f"{address}?{urlencode(data, doseq=True)}", {**data, "when": "now", "step": "try"})
        for data, method in product(values, ("get", "post"))
    ]


def previews(world: World) -> Told:
    address = reverse("admin:edition-preview", args=[world.editions["draft A"].pk])
    moments = ("2099-01-01", "2001-01-01", "x", "2099-01-01T10:00%2B09:00")
    return [("get", f"{address}?at={moment}", {}) for moment in moments]


def appointments(world: World) -> Told:
    typed = {"name": "author-A", "role": "manager"}
    address = reverse("admin:people")
    return [("post", address, {**typed, "branch": thing.pk}) for thing in foreign(world)]


def dismissals(world: World) -> Told:
    typed = {"name": "outsider", "role": "manager"}
    address = reverse("admin:people-dismiss")
    return [("post", address, {**typed, "page": thing.pk}) for thing in foreign(world)]


SECOND: dict[str, Callable[[World], Told]] = {
    "page-move": moves,
    "page-draft": drafts,
    "page-compare": comparisons,
    "page-search": searches,
    "bulk-action": several,
    "release": releases,
    "edition-preview": previews,
    "people": appointments,
    "people-dismiss": dismissals,
}
