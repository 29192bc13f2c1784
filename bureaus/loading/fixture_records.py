"""The records of fixture files, each with its file and number, for the refusals."""

import json
from dataclasses import dataclass, replace
from typing import Any

OUR_APP = "bureaus."
# Dumps of earlier versions name models and fields by their earlier names.
RENAMED_MODELS = {
    "bureaus.event": "bureaus.auditentry",
    "bureaus.stewardship": "bureaus.branchrole",
    "bureaus.workingcopy": "bureaus.autosave",
    "bureaus.vainsearch": "bureaus.zeroresultquery",
}
RENAMED_FIELDS = {"bureaus.auditentry": {"verb": "action"}}
# Columns of earlier versions that are derived now.
DROPPED_FIELDS = {"bureaus.edition": {"listed_under"}}
NAMING_FIELDS = ("key", "url_path", "file", "page", "edition")
# Of a page in the short form: where it is placed, beside what it is.
PLACE_FIELDS = ("slug", "url_path", "path", "depth", "numchild")


class DamagedFixture(Exception):
    """A fixture was refused whole. `sentences` state file, record, reason and remedy."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Record:
    """`is_short`: a page in the short form, or the placement that follows from it."""

    file: str
    number: int  # from 1
    model: str
    pk: Any
    fields: dict[str, Any]
    is_short: bool = False

    def __str__(self) -> str:
        return f"{self.file} の {self.number} 件目（{self.written_model} {self.name}）"

    @property
    def written_model(self) -> str:
        """The model that the file names."""
        return "bureaus.page" if self.is_short else self.model

    @property
    def is_implied(self) -> bool:
        """Whether it is a placement that the file does not name."""
        return self.is_short and self.model == "bureaus.placement"

    @property
    def name(self) -> str:
        value = next(
            (self.fields[field] for field in NAMING_FIELDS if self.fields.get(field)), None
        )
        if value is None:
            return f"pk={self.pk}"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    @property
    def is_ours(self) -> bool:
        return self.model.startswith(OUR_APP)


def read_records(file: str, text: str) -> list[Record]:
    """Read one JSON fixture. Raises DamagedFixture where it is not a list of records."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedFixture(
            f"{file} を JSON として読めません（{error}）。"
            "途中で切れていないか確かめ、元のファイルから作り直してください。"
        ) from error
    if not isinstance(content, list):
        raise DamagedFixture(
            f"{file} は、レコードの並び（[ … ]）ではありません。"
            "dumpdata が書いたファイルを渡してください。"
        )
    records = []
    for number, item in enumerate(content, 1):
        if not isinstance(item, dict) or not isinstance(item.get("fields"), dict):
            raise DamagedFixture(
                f"{file} の {number} 件目に model と fields がありません。"
                "レコードを直すか消してください。"
            )
        model = str(item.get("model", "")).lower()
        record = renamed(Record(file, number, model, item.get("pk"), item["fields"]))
        records += expanded(record)
    return records


def renamed(record: Record) -> Record:
    """Return `record` under the present names of its model and fields."""
    model = RENAMED_MODELS.get(record.model, record.model)
    names = RENAMED_FIELDS.get(model, {})
    dropped = DROPPED_FIELDS.get(model, set())
    fields = {
        names.get(name, name): value for name, value in record.fields.items() if name not in dropped
    }
    return replace(record, model=model, fields=fields)


def expanded(record: Record) -> list[Record]:
    """
    Return `record`, and of a page in the short form the page and its placement.

    The short form names a page by its address, `url_path`, instead of its key, and says where it
    stands. Dumps of versions before the placements have it, and fixtures written by hand.
    """
    if record.model != "bureaus.page" or "key" in record.fields:
        return [record]
    given = record.fields
    page = {name: value for name, value in given.items() if name not in PLACE_FIELDS}
    place = {name: given[name] for name in PLACE_FIELDS if name in given}
    address = given.get("url_path")
    place |= {"page": [address], "kind": given.get("kind", "page")}
    return [
        replace(record, fields={**page, "key": address}, is_short=True),
        replace(record, model="bureaus.placement", pk=None, fields=place, is_short=True),
    ]
