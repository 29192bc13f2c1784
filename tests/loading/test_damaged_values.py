"""Whatever stands in a field of a fixture, its refusal is a sentence."""

from itertools import product
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import transaction

from bureaus.integrity import problems
from bureaus.loading.type_validators import IDENTITY
from bureaus.models import Page
from tests.helpers.fixtures import (
    BUREAU,
    Item,
    add_item,
    find,
    items_of,
    load_items,
)
from tests.helpers.storms import AT_FULL_SIZE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SHORT = "a page in the short form"
DAY = "2014-01-01T00:00:00+09:00"
WRONG: tuple[object, ...] = (None, "x", "\0", -1, 2**70, True, [], [7], [[]], {"a": 1})


def an_item_of_every_model() -> list[Item]:
    items = items_of("ministry")[:37]
    add_item(items, "formeraddress", url_path="/old/", page=[BUREAU])
    add_item(items, "auditentry", action="add", address="/", page=["/"], edition=["/", 1]).update(
        pk=1
    )
    items.append({"model": "auth.group", "fields": {"name": "担当", "permissions": []}})
    add_item(items, "branchrole", group=["担当"], page=[BUREAU], role="writer")
    joined = {"date_joined": "2013-04-01T00:00Z", "groups": [], "is_staff": True}
    items.append({"model": "auth.user", "fields": {"username": "鈴木", **joined}})
    copy = {"form_key": "0" * 32, "revision": 1, "sequence": 1, "content": {}, "closed_at": None}
    add_item(items, "autosave", edition=["/", 1], officer=["鈴木"], **copy)
    policy = "documents/ict_tweet_unyou_policy.pdf"
    add_item(items, "earlierfile", document=[policy], file=policy, until=DAY)
    add_item(items, "synonyms", words="ICT\n情報通信技術")
    add_item(items, "houseword", written="ホームページ", preferred="ウェブサイト", reason="")
    step = {"page": ["/"], "name": "広報の確認"}
    add_item(items, "documenttag", document=[policy], name="方針")
    add_item(items, "imagetag", image=["images/kaidan.png"], name="写真")
    add_item(items, "approvalstep", **step, position=1)
    add_item(items, "stepofficer", step=["/", "広報の確認"], officer=["鈴木"], is_deputy=False)
    add_item(items, "absence", officer=["鈴木"], first_day="2013-08-01", last_day="2013-08-05")
    add_item(items, "zeroresultquery", day="2013-05-23", word="ムーミン", count=2)
    add_item(items, "acceptance", page=["/"], rule="punct-ascii", quote="(見本)", reason="原文")
    seal = {"kind": "note", "entry": 1, "ground": "law", "decider": "総務省", "lapses_at": DAY}
    add_item(items, "seal", key="0" * 32, proposed_at=DAY, confirmed_at=DAY, **seal)
    found = {"rule": "pdf-covered", "place": "2ページ", "words": "鈴木"}
    add_item(items, "filefinding", document=[policy], **found, at=DAY)
    add_item(items, "noticechoice", officer=["鈴木"], kind="approved", delivery="daily")
    add_item(items, "pagereview", page=[BUREAU], reviewed_at=DAY, reviewer=["鈴木"], days=180)
    said = {"key": "0" * 32, "thread": "0" * 32, "text": "年は？", "field": "", "quote": ""}
    add_item(items, "draftcomment", edition=["/", 1], author=["鈴木"], at=DAY, **said)
    add_item(items, "page", key="/faq/", kind="page", created_at="2013-04-01T00:00:00+09:00")
    place = {"kind": "page", "slug": "faq", "url_path": "/faq/", "position": 900, "release": ""}
    place |= {"path": "000100P0", "depth": 2, "numchild": 0, "live_until": None}
    since = {"live_from": "2013-04-01T00:00:00+09:00"}
    add_item(items, "placement", page=["/faq/"], **place, **since)
    add_item(
        items, "siblingposition", page=[BUREAU], position=1, live_until=None, release="x", **since
    ).update(pk=1)
    return items


@pytest.mark.parametrize("model", [*IDENTITY, SHORT, "auth.user"])
def test_no_value_of_any_field_ends_in_a_traceback(tmp_path: Path, model: str) -> None:
    items = an_item_of_every_model()
    if model == SHORT:
        item = find(items, "page")
    else:
        item = next(item for item in items[::-1] if item["model"] == model)
    refusals = []
    every = [*product([*item["fields"], "pk"], WRONG)]
    damages = every if AT_FULL_SIZE else every[::3]
    for field, value in damages:
        fields = {**item["fields"], field: value}
        changed = {**item, "fields": fields} if field != "pk" else {**item, "pk": value}
        try:
            with transaction.atomic():
                load_items(tmp_path, [changed if each is item else each for each in items])
                assert problems() == []
                transaction.set_rollback(True)
        except CommandError as error:
            refusals.append(str(error))
        assert not Page.objects.exists()
    assert len(refusals) > len(WRONG) * len(damages) // len(every)
    assert [refusal for refusal in refusals if "changed.json" not in refusal] == []
