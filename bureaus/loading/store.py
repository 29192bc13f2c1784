"""Storing the records of a fixture: an equal object is left alone, a different one refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.db.models import Field, FileField, ForeignKey, Model, Q

from bureaus.loading.content_validators import as_dumped
from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.media import LibraryItem
from bureaus.loading.page_names import short_names, stored_pages
from bureaus.loading.places import (
    place_short_pages,
    starts_of,
    store_nodes,
)
from bureaus.loading.type_validators import ACTORS, DERIVED, FROM_FILES, IDENTITY
from bureaus.loading.values import explain, number, python_value
from bureaus.models import (
    Acceptance,
    Document,
    DocumentText,
    EarlierFile,
    Edition,
    FileFinding,
    Image,
    Page,
    Part,
    Placement,
)
from bureaus.models.batches import batches
from bureaus.models.first_placements import extend_placements
from bureaus.models.placements import pages_at
from bureaus.publishing import update_live_until
from bureaus.text.rich_text import clean_body, sanitise

ORDER = list(IDENTITY)
AT_ONCE = frozenset({"bureaus.page", "bureaus.placement"})
# What has ended on the site since the dump was made.
WITH_INTERVAL = frozenset({"bureaus.placement", "bureaus.siblingposition"})
DERIVED_OF = {"bureaus.placement": frozenset({"numchild"}), "bureaus.siblingposition": frozenset()}
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
        self.starts: dict[int, datetime] = {}  # of the placements of stored pages
        self.kept_editions: set[int] = set()  # approved before this loading
        self.new: set[tuple[type[Model], int]] = set()  # pages and editions
        self.created_models: set[type[Model]] = set()
        self.sentences: list[str] = []  # about changes that were made, or should be
        self.created = 0
        self.unchanged = 0

    def fill(self) -> None:
        """
        Store the records. Raises DamagedFixture at the first that cannot be stored.

        At most 2 queries a record, and a fixed number for all the pages and placements.
        """
        self.add_pages()
        self.add_placements()
        others = [record for record in self.records if record.model not in AT_ONCE]
        created = [instance for record in others if (instance := self.put(record))]
        editions = [instance for instance in created if isinstance(instance, Edition)]
        update_live_until({edition.page_id for edition in editions})
        self.extend(editions)

    def add_pages(self) -> None:
        """Create the missing pages, all at once; leave the others unchanged."""
        records = [record for record in self.records if record.model == "bureaus.page"]
        names = [record.fields["key"] for record in records]
        stored = stored_pages(names, short_names(records))
        new = [page_from(record) for record in records if record.fields["key"] not in stored]
        number(new)
        Page.objects.bulk_create(new)
        for name, page in (*stored.items(), *((page.key, page) for page in new)):
            self.keys[Page, (name,)] = page.pk
            self.pages[page.pk] = page
        self.count(new, unchanged=len(stored))

    def add_placements(self) -> None:
        """Create the missing placements: those of the records, then those that pages imply."""
        records = [record for record in self.records if record.model == "bureaus.placement"]
        given = [record for record in records if not record.is_implied]
        new = self.new_placements(given)
        number(new)
        store_nodes(new)
        self.count(new, unchanged=len(given) - len(new))
        pages = {
            record.fields["url_path"]: self.pages[self.key(Page, record.fields["page"])]
            for record in records
            if record.is_implied
        }
        pages = {name: page for name, page in pages.items() if (Page, page.pk) in self.new}
        implied = [
            record for record in records if record.is_implied and record.fields["url_path"] in pages
        ]
        starts = starts_of(pages, self.records)
        self.starts = place_short_pages(pages, implied, starts)

    def new_placements(self, records: list[Record]) -> list[Placement]:
        """Return those that are not stored. Raises DamagedFixture where one is, and differs."""
        paths = [record.fields["path"] for record in records]
        keys = [record.pk for record in records if record.pk is not None]
        stored = {
            node.path: node
            for batch in batches(paths)
            for node in Placement.objects.filter(path__in=batch)
        }
        taken = {
            node.pk: node
            for batch in batches(keys)
            for node in Placement.objects.filter(pk__in=batch)
        }
        new = []
        for record in records:
            node = self.build(record)
            existing = stored.get(record.fields["path"]) or taken.get(record.pk)
            if existing is None:
                new.append(node)
                continue
            if existing.path != record.fields["path"] or record.pk not in (None, existing.pk):
                raise another_key(record, [existing])
            refuse_difference(record, existing, node)
        return new  # type: ignore[return-value]

    def count(self, created: Sequence[Model], *, unchanged: int) -> None:
        self.new |= {(type(instance), instance.pk) for instance in created}
        self.created_models |= {type(instance) for instance in created}
        self.created += len(created)
        self.unchanged += unchanged

    def extend(self, editions: list[Edition]) -> None:
        """Let placements that imported editions are older than begin with them."""
        wanted = dict(self.starts)
        for edition in editions:
            is_new = (Page, edition.page_id) in self.new
            if edition.live_from is not None and not is_new:
                start = wanted.get(edition.page_id, edition.live_from)
                wanted[edition.page_id] = min(start, edition.live_from)
        extend_placements(wanted)

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
            self.store_measured(instance)
        self.created_models.add(type(instance))
        self.created += 1
        return instance

    def store_measured(self, document: Document) -> None:
        measured = self.measured[str(document.file)]
        if not isinstance(measured, Document):
            return
        DocumentText.objects.create(document=document, text=measured.extracted.text)
        if hasattr(measured, "readability"):
            measured.readability.document = document
            measured.readability.file = str(document.file)
            measured.readability.save(force_insert=True)

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
        name_examined_file(instance)
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
            self.keys[model, name] = self.find(model, name)
        return self.keys[model, name]

    def find(self, model: Any, name: Any) -> int:
        """Read the key. A page is named by its key, or else by its address now."""
        if not isinstance(name, tuple):
            found = model.objects.get(pk=name)
        elif model is Edition:
            page, edition_number = name
            found = model.objects.get(page=self.key(Page, [page]), number=edition_number)
        elif model is Page:
            [address] = name
            found = Page.objects.filter(key=address).first() or pages_at([address]).get(address)
            if found is None:
                raise ObjectDoesNotExist
        else:
            found = model.objects.get_by_natural_key(*name)
        return int(found.pk)

    def derive(self, edition: Edition) -> None:
        """Set the derived fields; `live_until` is derived after all records are stored."""
        edition.body = sanitise(edition.body)
        edition.live_until = None

    def take_measures(self, item: LibraryItem, name: str) -> None:
        measured = self.measured[name]
        for field in FROM_FILES & vars(measured).keys():
            setattr(item, field, getattr(measured, field))


def name_examined_file(instance: Model) -> None:
    """Name the file that was examined, in a dump from before it was named."""
    if isinstance(instance, Document) and instance.is_examined and not instance.examined_file:
        instance.examined_file = str(instance.file)
    if isinstance(instance, FileFinding) and not instance.file:
        instance.file = str(Document.objects.get(pk=instance.document_id).file)


def page_from(record: Record) -> Page:
    page = Page(pk=record.pk)
    for field in Page._meta.concrete_fields:
        if field.name in record.fields:
            setattr(page, field.name, python_value(field, record.fields[field.name]))
    return page


def stored_as(record: Record, instance: Model) -> Model | None:
    """Return the stored object for `record`, if there is one. 1 query."""
    condition = Q(pk=record.pk) if record.pk is not None else Q()
    identity = {name: value_of(instance, name) for name in IDENTITY[record.model]}
    if identity:
        condition |= Q(**identity)
    found: list[Model] = list(type(instance).objects.filter(condition)[:2])  # type: ignore[attr-defined]
    if len(found) > 1 or (found and record.pk not in (None, found[0].pk)):
        raise another_key(record, found)
    return found[0] if found else None


def another_key(record: Record, found: Sequence[Model]) -> DamagedFixture:
    keys = "・".join(str(each.pk) for each in found)
    return DamagedFixture(
        f"{record}：同じものが、別の番号（pk={keys}）ですでにあります。"
        "dumpdata --natural-primary --natural-foreign で作り直してください。"
    )


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
    given = record.fields.get(field.name)
    return (
        field.primary_key
        or field.name in DERIVED_OF.get(record.model, DERIVED) | {"created_at"}
        or (record.model in WITH_INTERVAL and field.name == "live_until" and not given)
        or (field.name in ACTORS and record.fields.get(field.name) is None)
        or (field.name not in record.fields and callable(field.default))
    )
