"""A validator of accounts: loading gives nobody another password, or more rights."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from bureaus.loading.fixture_records import Record
from bureaus.loading.type_validators import is_key, is_storable

KEPT = ("username", "password", "is_superuser", "is_staff", "is_active")


def account_faults(records: list[Record]) -> Iterator[str]:
    """Compare with the stored accounts of the same names and numbers. 1 query."""
    accounts = [record for record in records if record.model == "auth.user"]
    if not accounts:
        return
    named = (record.fields.get("username") for record in accounts)
    names = [name for name in named if isinstance(name, str) and is_storable(name)]
    keys = [record.pk for record in accounts if is_key(record.pk)]
    stored = list(User.objects.filter(Q(username__in=names) | Q(pk__in=keys)))
    for record in accounts:
        if any(changes(record, account) for account in stored):
            yield (
                f"{record}：アカウント「{record.fields.get('username')}」は、すでに別の内容で"
                "登録されています。書き換えはしません。名前を変えるか、レコードを消してください。"
            )


def changes(record: Record, account: User) -> bool:
    """Tell whether the record is about this account, and would change it."""
    given: dict[str, Any] = record.fields
    if given.get("username") != account.username and record.pk != account.pk:
        return False
    return record.pk not in (None, account.pk) or any(
        name in given and given[name] != getattr(account, name) for name in KEPT
    )
