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
NAMING_FIELDS = ("url_path", "file", "page", "edition")


class DamagedFixture(Exception):
    """A fixture was refused whole. `sentences` state file, record, reason and remedy."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Record:
    file: str
    number: int  # from 1
    model: str
    pk: Any
    fields: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file} の {self.number} 件目（{self.model} {self.name}）"

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
        records.append(renamed(Record(file, number, model, item.get("pk"), item["fields"])))
    return records


def renamed(record: Record) -> Record:
    """Return `record` under the present names of its model and fields."""
    model = RENAMED_MODELS.get(record.model, record.model)
    names = RENAMED_FIELDS.get(model, {})
    fields = {names.get(name, name): value for name, value in record.fields.items()}
    return replace(record, model=model, fields=fields)
