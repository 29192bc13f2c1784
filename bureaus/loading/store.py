"""Storing the records of a fixture: an equal object is left alone, a different one refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.db.models import (
    BaseConstraint,
    Field,
    FileField,
    ForeignKey,
    Max,
    Model,
    Q,
    UniqueConstraint,
)

from bureaus.loading.content_validators import as_dumped
from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.media import LibraryItem
from bureaus.loading.type_validators import ACTORS, DERIVED, FROM_FILES, IDENTITY, TREE_COLUMNS
from bureaus.models import (
    Acceptance,
    Document,
    DocumentText,
    EarlierFile,
    Edition,
    Image,
    Kind,
    Page,
    Part,
)
from bureaus.models.addresses import parent_address
from bureaus.models.pages import add_nodes, pages_at
from bureaus.publishing import update_live_until
from bureaus.text.rich_text import clean_body, sanitise

ORDER = list(IDENTITY)
APPROVED_AS_IT_IS = (
    "{}：本文に{}があります。承認済みの本文なので、そのまま読み込みました。"
    "管理画面で新しい版を作って直してください。"
)


class Store:
    """One loading of validated fixtures, inside `tree_lock` throughout."""

    def __init__(self, records: list[Record], measured: Mapping[str, LibraryItem]) -> None:
        self.records = sorted(records, key=lambda record: ORDER.index(record.model))
        self.measured = measured
        self.keys: dict[object, int] = {}  # by model and reference
        self.pages: dict[int, Page] = {}
        self.kept_editions: set[int] = set()  # approved before this loading
        self.new: set[tuple[type[Model], int]] = set()  # pages and editions
        self.created_models: set[type[Model]] = set()
        self.sentences: list[str] = []  # about changes that were made, or should be
        self.created = 0
        self.unchanged = 0

    def fill(self) -> None:
        """
        Store the records. Raises DamagedFixture at the first that cannot be stored.

        At most 2 queries a record, and a fixed number for all the pages.
        """
        self.add_pages()
        others = [record for record in self.records if record.model != "bureaus.page"]
        created = [instance for record in others if (instance := self.put(record))]
        update_live_until({edition.page_id for edition in created if isinstance(edition, Edition)})

    def add_pages(self) -> None:
        """Create the missing pages, all at once; leave the others unchanged."""
        records = [record for record in self.records if record.model == "bureaus.page"]
        stored = pages_at(record.fields["url_path"] for record in records)
        new = [page_from(record) for record in records if record.fields["url_path"] not in stored]
        number(new)
        if all(page.path for page in new):
            add_nodes(sorted(new, key=lambda page: page.path))
        else:
            for page in new:
                page.path = ""
            add_nodes(new)
        for page in (*stored.values(), *new):
            self.keys[Page, (page.url_path,)] = page.pk
            self.pages[page.pk] = page
        self.new |= {(Page, page.pk) for page in new}
        self.created_models |= {Page} if new else set()
        self.created += len(new)
        self.unchanged += len(stored)

    def put(self, record: Record) -> Model | None:
        """Store the object of `record` and return it; None where an equal one is stored."""
        instance = self.build(record)
        is_first = record.pk is None and self.belongs_to_new(instance)
        stored = None if is_first else stored_as(record, instance)
        if stored is not None:
            if is_stored_cleaned(stored, instance):
                instance.body = stored.body  # type: ignore[attr-defined]
            refuse_difference(record, stored, instance)
            if isinstance(stored, Edition) and not stored.is_open:
                self.kept_editions.add(stored.pk)
            self.unchanged += 1
            return None
        self.refuse_addition(record, instance)
        if isinstance(instance, Edition):
            self.drop_dead_links(record, instance)
        try:
            instance.save_base(raw=True, force_insert=True)
        except (DatabaseError, ValueError, OverflowError) as error:
            raise DamagedFixture(f"{record}：{explain(error, instance)}") from error
        if isinstance(instance, Edition):
            self.new.add((Edition, instance.pk))
        if isinstance(instance, Document):
            self.store_text(instance)
        self.created_models.add(type(instance))
        self.created += 1
        return instance

    def store_text(self, document: Document) -> None:
        measured = self.measured[str(document.file)]
        if isinstance(measured, Document):
            DocumentText.objects.create(document=document, text=measured.said.text)

    def drop_dead_links(self, record: Record, edition: Edition) -> None:
        """Remove links to no target on the page from a draft; an approved text never changes."""
        cleaned = clean_body(edition.body)
        if not cleaned.sentence:
            return
        if not edition.is_open:
            removable = cleaned.remains or "、ページの中にリンク先がないリンク"
            self.sentences.append(APPROVED_AS_IT_IS.format(record, removable))
            return
        edition.body = cleaned.html
        self.sentences.append(f"{record}：{cleaned.sentence}")

    def belongs_to_new(self, instance: Model) -> bool:
        """Tell whether its page or edition is new, so that no equal object can exist."""
        if isinstance(instance, Part):
            return (Edition, instance.edition_id) in self.new
        return isinstance(instance, Edition | Acceptance) and (Page, instance.page_id) in self.new

    def refuse_addition(self, record: Record, instance: Model) -> None:
        if isinstance(instance, Part) and instance.edition_id in self.kept_editions:
            raise DamagedFixture(
                f"{record}：承認済みの版に書き足すことはできません。"
                "レコードを消し、管理画面で新しい版を作ってください。"
            )

    def build(self, record: Record) -> Model:
        model: type[Model] = apps.get_model(record.model)
        values = {
            field.attname: self.value(record, field)
            for field in model._meta.concrete_fields
            if field.name in record.fields
        }
        instance = model(pk=record.pk, **values)
        if isinstance(instance, Edition):
            self.derive(instance)
        if isinstance(instance, Image | Document | EarlierFile):
            self.take_measures(instance, record.fields["file"])
        return instance

    def value(self, record: Record, field: "Field[Any, Any]") -> object:
        value = record.fields[field.name]
        if value is None or not isinstance(field, ForeignKey):
            return python_value(field, value)
        try:
            return self.key(field.related_model, value)
        except (ObjectDoesNotExist, TypeError, ValueError) as error:
            raise DamagedFixture(
                f"{record}：{field.name}（{field.verbose_name}）の参照先「{value}」がありません。"
                "先に参照先を読み込むか、値を直してください。"
            ) from error

    def key(self, model: Any, reference: int | list[str | int]) -> int:
        """Return the key of the object that a fixture refers to. Raises where there is none."""
        name = tuple(reference) if isinstance(reference, list) else reference
        if (model, name) not in self.keys:
            by_name = model.objects.get_by_natural_key
            found = by_name(*name) if isinstance(name, tuple) else model.objects.get(pk=name)
            self.keys[model, name] = found.pk
        return self.keys[model, name]

    def derive(self, edition: Edition) -> None:
        """Set the derived fields; `live_until` is derived after all records are stored."""
        edition.body = sanitise(edition.body)
        edition.live_until = None
        if edition.page_id not in self.pages:
            self.pages[edition.page_id] = edition.page
        page = self.pages[edition.page_id]
        edition.listed_under_id = (
            self.key(Page, [parent_address(page.url_path)]) if page.kind == Kind.NEWS_ITEM else None
        )

    def take_measures(self, item: LibraryItem, name: str) -> None:
        measured = self.measured[name]
        for field in FROM_FILES & vars(measured).keys():
            setattr(item, field, getattr(measured, field))


def page_from(record: Record) -> Page:
    page = Page(pk=record.pk)
    for field in Page._meta.concrete_fields:
        if field.name in record.fields and field.name not in TREE_COLUMNS - {"path"}:
            setattr(page, field.name, python_value(field, record.fields[field.name]))
    return page


def python_value(field: "Field[Any, Any]", value: Any) -> object:
    """
    Return the value of `field` that a fixture gives in JSON.

    dumpdata cuts a moment to milliseconds, and writes ".000" only where there was less than one:
    a microsecond stays of that, so that it is dumped the same again.
    """
    parsed: object = field.to_python(value)
    if isinstance(parsed, datetime) and ".000" in value and not parsed.microsecond:
        return parsed.replace(microsecond=1)
    return parsed


def number(pages: list[Page]) -> None:
    """Assign keys in the order of the fixture, in which dumpdata writes them again. 1 query."""
    greatest: int = Page.objects.aggregate(greatest=Max("pk"))["greatest"] or 0
    following = 1 + max([greatest, *(page.pk for page in pages if page.pk)])
    for page in pages:
        if not page.pk:
            page.pk = following
            following += 1


def stored_as(record: Record, instance: Model) -> Model | None:
    """Return the stored object for `record`, if there is one. 1 query."""
    condition = Q(pk=record.pk) if record.pk is not None else Q()
    identity = {name: value_of(instance, name) for name in IDENTITY[record.model]}
    if identity:
        condition |= Q(**identity)
    found: list[Model] = list(type(instance).objects.filter(condition)[:2])  # type: ignore[attr-defined]
    if len(found) > 1 or (found and record.pk not in (None, found[0].pk)):
        keys = "・".join(str(each.pk) for each in found)
        raise DamagedFixture(
            f"{record}：同じものが、別の番号（pk={keys}）ですでにあります。"
            "dumpdata --natural-primary --natural-foreign で作り直してください。"
        )
    return found[0] if found else None


def is_stored_cleaned(stored: Model, instance: Model) -> bool:
    """Tell whether `stored` is the draft `instance` without its dead links."""
    return (
        isinstance(stored, Edition)
        and isinstance(instance, Edition)
        and stored.is_open
        and stored.body == clean_body(instance.body).html
    )


def value_of(instance: Model, name: str) -> object:
    """Return a column's value in a form that can be compared and looked up."""
    field = instance._meta.get_field(name)
    value: object = getattr(instance, field.attname)  # type: ignore[union-attr]
    if isinstance(field, FileField):
        return str(value)
    return as_dumped(value) if isinstance(value, datetime) else value


def refuse_difference(record: Record, stored: Model, instance: Model) -> None:
    different = [
        str(field.verbose_name)
        for field in stored._meta.concrete_fields
        if not is_left_out(field, record)
        and value_of(stored, field.name) != value_of(instance, field.name)
    ]
    if different:
        raise DamagedFixture(
            f"{record}：すでに別の内容で登録されています（違う欄：{'、'.join(different)}）。"
            "書き換えはしません。管理画面で新しい版を作ってください。"
        )


def is_left_out(field: "Field[Any, Any]", record: Record) -> bool:
    """Tell whether the site's value of `field` is kept without comparison."""
    return (
        field.primary_key
        or field.name in DERIVED | {"created_at"}
        or (field.name in ACTORS and record.fields.get(field.name) is None)
        or (field.name not in record.fields and callable(field.default))
    )


def explain(error: Exception, instance: Model) -> str:
    """Return the sentence of the violated constraint, or the database's message."""
    for constraint in instance._meta.constraints:
        if is_named(constraint, type(instance), str(error)):
            return f"{constraint.get_violation_error_message()}値を直してください。"
    return f"登録できません（{error}）。値と参照先を確かめてください。"


def is_named(constraint: BaseConstraint, model: type[Model], message: str) -> bool:
    """Tell whether `message` is about `constraint`; SQLite names a unique one by its columns."""
    if constraint.name in message:
        return True
    if not isinstance(constraint, UniqueConstraint):
        return False
    columns = [
        f"{model._meta.db_table}.{column.column}"
        for column in map(model._meta.get_field, constraint.fields)
        if isinstance(column, Field)
    ]
    return message.endswith(f": {', '.join(columns)}")
