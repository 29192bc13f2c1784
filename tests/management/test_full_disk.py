"""A disk that is full at any point of an upload."""

import io
import json
import tempfile
from errno import EFBIG, EIO, ENOSPC
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User

from bureaus.models import Image
from bureaus.publishing import Blocked, add_image
from bureaus.uploads import sandbox, sandbox_worker, storage
from bureaus.uploads.invalid_upload import NOT_STORED
from tests.helpers import uploads


@pytest.mark.parametrize("where", ["storage", "folder", "child"])
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_of_and_leaves_nothing(
    writer: User, media: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The disk is full after the first files of a picture."""
    full = OSError(ENOSPC, "No space left on device")
    put = storage.store

    def put_some(name: str, content: Any) -> None:
        if name.endswith(".webp"):
            raise full
        put(name, content)

    if where == "storage":
        monkeypatch.setattr(storage, "store", put_some)
    elif where == "folder":
        monkeypatch.setattr(tempfile, "mkdtemp", Mock(side_effect=full))
    else:
        answer = {"invalid": [NOT_STORED.code, NOT_STORED.reason]}
        monkeypatch.setattr(sandbox, "run_worker", Mock(return_value=answer))
    with pytest.raises(Blocked) as caught:
        add_image(upload=io.BytesIO(uploads.jpeg(400, 300)), name="会談.jpg", actor=writer)
    (blocker,) = caught.value.blockers
    assert blocker.code == "invalid_file"
    assert blocker.sentence.startswith("「会談.jpg」を、保存できませんでした。")
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert not Image.objects.exists()


def test_the_child_tells_a_full_disk_from_a_broken_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sandbox_worker, "limit", Mock())
    for number, code in ((ENOSPC, "storage"), (EFBIG, "heavy"), (EIO, "broken")):
        monkeypatch.setattr(sandbox_worker, "work", Mock(side_effect=OSError(number, "…")))
        sandbox_worker.main("image", "source", "folder")
        assert json.loads(capsys.readouterr().out)["invalid"][0] == code
