"""The records of fixture files, each with its file and number, so that a refusal can name it."""

import json
from dataclasses import dataclass
from typing import Any

OUR_APP = "bureaus."
NAMING_FIELDS = ("url_path", "file", "page", "edition")


class Damaged(Exception):
    """A fixture was refused whole. `sentences` name file, record, reason and remedy."""

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
    """Read one JSON fixture. Raises Damaged where it is no list of records."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged(
            f"{file} を JSON として読めません（{error}）。"
            "途中で切れていないか確かめ、元のファイルから作り直してください。"
        ) from error
    if not isinstance(content, list):
        raise Damaged(
            f"{file} は、レコードの並び（[ … ]）ではありません。"
            "dumpdata が書いたファイルを渡してください。"
        )
    records = []
    for number, item in enumerate(content, 1):
        if not isinstance(item, dict) or not isinstance(item.get("fields"), dict):
            raise Damaged(
                f"{file} の {number} 件目に model と fields がありません。"
                "レコードを直すか消してください。"
            )
        model = str(item.get("model", "")).lower()
        records.append(Record(file, number, model, item.get("pk"), item["fields"]))
    return records
