"""A load that is killed at any SQL statement leaves the site empty or complete, never half."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command

from bureaus.integrity import problems
from tests.helpers.processes import killed_at
from tests.helpers.storms import size

PARTS = size(1, full=4)
STEP = size(12, full=PARTS)
COMPLETE = {
    "Page": 31,
    "Placement": 31,
    "SiblingPosition": 0,
    "FormerAddress": 0,
    "NewsListing": 12,
    "Image": 2,
    "Document": 1,
    "DocumentText": 1,
    "FileFinding": 0,
    "ReadabilityReport": 0,
    "Seal": 0,
    "EarlierFile": 0,
    "Edition": 31,
    "Figure": 2,
    "Link": 21,
    "Contact": 2,
    "AuditEntry": 0,
    "BranchRole": 0,
    "Autosave": 0,
    "SearchRow": 31,
    "Synonyms": 0,
    "HouseWord": 0,
    "ApprovalStep": 0,
    "ImageTag": 0,
    "DocumentTag": 0,
    "StepOfficer": 0,
    "Absence": 0,
    "ZeroResultQuery": 0,
    "Acceptance": 37,
    "CheckedLink": 0,
    "LinkUse": 0,
    "Notice": 0,
    "NoticeChoice": 0,
    "NoticeMail": 0,
    "PageReview": 0,
    "DraftComment": 0,
}
EMPTY = dict.fromkeys(COMPLETE, 0)


def load() -> str:
    output = io.StringIO()
    call_command("loaddata", "ministry", "directory", "news", stdout=output)
    return output.getvalue()


def contents() -> dict[str, int]:
    models = [
        model for model in apps.get_app_config("bureaus").get_models() if not model._meta.proxy
    ]
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_killed_load_leaves_the_site_empty_and_another_completes_it(
    settings: LazySettings, tmp_path: Path, part: int
) -> None:
    """At full size killed at every fourth statement: the four parts are all of them."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    statement = 1 + part
    while killed_at(statement, load):
        assert contents() == EMPTY, f"half a load after {statement - 1} statements"
        statement += STEP
    assert statement > 127, "the load was never really under way"
    assert contents() == COMPLETE
    assert load().endswith("（新しいもの0件、同じもの127件）。\n")
    assert problems() == []
