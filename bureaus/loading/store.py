"""Storing what a fixture holds: what is there and the same is left, what differs is refused."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model

from bureaus.loading.records import Damaged, Record
from bureaus.models import Document, Edition, Image, Kind, Page
from bureaus.models.pages import pages_at, parent_of, plant_all
from bureaus.richtext import BodyTooHeavy, sanitise

# Columns that follow from others. Those of a stored object stay as they are.
DERIVED = frozenset(
    {"live_until", "listed_under", "width", "height", "byte_size", "page_count", "created_at"}
)


class Store:
    """One loading of fixtures. Inside `tree_lock` throughout."""

    def __init__(
        self, records: list[Record], measured: Mapping[str, Image | Document]
    ) -> None:
        self.pages = [record for record in records if record.model == "bureaus.page"]
        self.measured = measured
        self.parents: dict[int, Page | None] = {}
        self.created = 0
        self.unchanged = 0

    def plant_pages(self) -> None:
        """Create the pages that are not there yet, all at once; leave the others as they are."""
        stored = pages_at(str(record.fields["url_path"]) for record in self.pages)
        new = [record for record in self.pages if record.fields["url_path"] not in stored]
        pages = [page_from(record) for record in new]
        for page, record in zip(pages, new, strict=True):
            clean(page, str(record))
        order = sorted(pages, key=lambda page: page.path) if all_have_paths(pages) else pages
        plant_all(order)
        self.created += len(new)
        self.unchanged += len(stored)

    def accepts(self, instance: Model, name: str) -> bool:
        """
        Make `instance` ready to be stored; False where the same is stored already.

        Raises Damaged where something else is stored in its place, or a value is not allowed.
        """
        if isinstance(instance, Page):
            return False  # planted before
        stored = (
            type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
        )
        if isinstance(instance, Edition):
            self.derive(instance, name)
        if isinstance(instance, Image | Document):
            self.take_measures(instance)
        clean(instance, name)
        if stored is None:
            self.created += 1
            return True
        different = differences(stored, instance)
        if different:
            raise Damaged(
                [
                    f"{name}：すでに別の内容で登録されています（違う欄：{'、'.join(different)}）。"
                    "書き換えはしません。管理画面で新しい版を作ってください。"
                ]
            )
        self.unchanged += 1
        return False

    def derive(self, edition: Edition, name: str) -> None:
        try:
            edition.body = sanitise(edition.body)
        except BodyTooHeavy as error:
            raise Damaged([f"{name}：{error}"]) from error
        if edition.page_id not in self.parents:
            page = edition.page
            self.parents[edition.page_id] = parent_of(page) if page.kind == Kind.NEWS_ITEM else None
        edition.listed_under = self.parents[edition.page_id]

    def take_measures(self, item: Image | Document) -> None:
        measured = self.measured[item.file.name]
        for field in DERIVED & vars(measured).keys() - {"created_at"}:
            setattr(item, field, getattr(measured, field))


def page_from(record: Record) -> Page:
    fields = {
        name: Page._meta.get_field(name).to_python(value)
        for name, value in record.fields.items()
        if name not in {"depth", "numchild"}
    }
    return Page(pk=record.pk, **fields)


def all_have_paths(pages: list[Page]) -> bool:
    return all(page.path for page in pages)


def clean(instance: Model, name: str) -> None:
    """Raise Damaged for values that their fields do not allow; references are checked later."""
    references = {
        field.name for field in instance._meta.concrete_fields if isinstance(field, ForeignKey)
    }
    try:
        instance.clean_fields(exclude=references | {"path", "depth", "numchild", "slug"})
    except ValidationError as error:
        raise Damaged(
            f"{name}：{field}：{sentence}"
            for field, sentences in error.message_dict.items()
            for sentence in sentences
        ) from error


def differences(stored: Model, instance: Model) -> list[str]:
    fields: list[Any] = [
        field
        for field in stored._meta.concrete_fields
        if not field.primary_key and field.name not in DERIVED
    ]
    return [
        str(field.verbose_name)
        for field in fields
        if field.value_from_object(stored) != field.value_from_object(instance)
    ]
