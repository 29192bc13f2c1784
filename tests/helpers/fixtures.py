"""Loading, dumping and damaging fixtures, for the tests that do."""

import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from PIL import Image as Picture

from bureaus.models import Page
from tests.helpers.paths import ROOT
from tests.helpers.reader import at

FIXTURES = ROOT / "fixtures"
NAMES = ("ministry", "directory", "news")
GUIDE = "/main_sosiki/"
BUREAU = "/main_sosiki/joho_kokusai/"
SIBLING = "/main_sosiki/toukei/"
SECTION = "/main_sosiki/joho_kokusai/ict_seisaku/"
NEWS = "/main_sosiki/joho_kokusai/20130523-ict-seichou-kaigi/"
DUMPS = {"with keys": (), "by name": ("--natural-primary", "--natural-foreign")}

Item = dict[str, Any]
Damage = Callable[[list[Item]], Item]  # changes one thing and returns the record to be named


def load(*labels: str, **options: Any) -> str:
    output = io.StringIO()
    call_command("loaddata", *(labels or NAMES), stdout=output, **options)
    return output.getvalue()


def load_items(folder: Path, items: object) -> str:
    file = folder / "changed.json"
    file.write_text(json.dumps(items))
    return load(str(file))


def items_of(*names: str) -> list[Item]:
    return [
        item
        for name in names or NAMES
        for item in json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    ]


def dump(*options: str) -> str:
    output = io.StringIO()
    call_command("dumpdata", "bureaus", *options, stdout=output)
    return output.getvalue()


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every value in every table of ours."""
    models = [
        model for model in apps.get_app_config("bureaus").get_models() if not model._meta.proxy
    ]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


def refusal_of(action: Callable[[], object]) -> str:
    """The sentence with which `action` is refused, having changed nothing."""
    before = contents()
    with pytest.raises(CommandError) as refused:
        action()
    assert contents() == before
    return str(refused.value)


def empty_the_site() -> None:
    connection.check_constraints()  # PostgreSQL truncates no table with checks to come
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)


def page(address: str) -> Page:
    return at(address)


def as_before(items: list[Item]) -> list[Item]:
    """Return the records as the versions wrote them whose pages were the nodes of the tree."""
    now = timezone.now().isoformat()
    nodes = {
        item["fields"]["page"][0]: item["fields"]
        for item in items
        if item["model"] == "bureaus.placement"
        and item["fields"]["live_from"] <= now < (item["fields"]["live_until"] or "9")
    }
    children = Counter(node["path"][:-4] for node in nodes.values())
    older = []
    for item in items:
        fields = dict(item["fields"])
        if item["model"] == "bureaus.page":
            node = nodes[fields.pop("key")]
            fields |= {name: node[name] for name in ("slug", "url_path", "path", "depth")}
            fields["numchild"] = children[node["path"]]
        if item["model"] not in {"bureaus.placement", "bureaus.siblingposition"}:
            older.append({**item, "fields": by_address(fields, nodes)})
    return older


def by_address(fields: dict[str, Any], nodes: dict[str, Any]) -> dict[str, Any]:
    """Name the pages to which `fields` refer by their addresses, as their names were then."""
    pages = {"page", "edition", "moved_to"}
    return {
        name: [nodes[value[0]]["url_path"], *value[1:]] if value and name in pages else value
        for name, value in fields.items()
    }


def find(items: list[Item], model: str, address: str = BUREAU) -> Item:
    """The first record of that model that is, or belongs to, the page at `address`."""
    for item in items:
        fields = item["fields"]
        name = fields.get("key") or fields.get("url_path")
        owner = name or (fields.get("page") or fields.get("edition") or [""])[0]
        if item["model"] == f"bureaus.{model}" and address in (owner, fields.get("file")):
            return item
    raise LookupError(model, address)


def change(item: Item, **fields: object) -> Item:
    item["fields"] |= fields
    return item


def picture(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Picture.new("RGB", (width, height)).save(stream, "PNG")
    return stream.getvalue()


def put_media(folder: Path, name: str, content: bytes) -> None:
    """Beside a fixture in `folder`, where it is looked for first."""
    file = folder / "media" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)


def add_item(items: list[Item], model: str, **fields: object) -> Item:
    items.append({"model": f"bureaus.{model}", "fields": fields})
    return items[-1]


def add_edition(items: list[Item], address: str, **fields: object) -> Item:
    """One more approved edition of the page, which the first one knows about."""
    first = find(items, "edition", address)
    later = {**first, "fields": {**first["fields"], "number": 2, "live_until": None, **fields}}
    change(first, live_until=later["fields"]["live_from"])
    items.append(later)
    return later
