"""The values that records give, the numbers of new objects, and what the database refuses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BaseConstraint, Field, Max, Model, UniqueConstraint


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


def number(instances: Sequence[Model]) -> None:
    """Assign keys in the order of the fixture, in which dumpdata writes them again. 1 query."""
    if not instances:
        return
    model = type(instances[0])
    greatest: int = model._default_manager.aggregate(greatest=Max("pk"))["greatest"] or 0
    following = 1 + max([greatest, *(each.pk for each in instances if each.pk)])
    for each in instances:
        if not each.pk:
            each.pk = following
            following += 1


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
