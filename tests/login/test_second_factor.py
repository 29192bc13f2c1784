"""The second factor: when it is required, its set-up, use, loss and removal."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from lxml.html import document_fromstring

from bureaus.login.models import BackupCode, BackupCodes
from bureaus.login.second_factor import backup_codes_left, renew_backup_codes
from tests.helpers.authenticator import (
    CODE,
    SET_UP,
    browser,
    code_of,
    give_authenticator,
    is_inside,
    key_on,
    log_in,
    password_of,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
WAY = "/admin/bureaus/page/"
BACKUP_CODES = "/admin/second-factor/backup-codes/"


@pytest.fixture
def demanded(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def device(operator: User) -> TOTPDevice:
    return give_authenticator(operator)


def codes_on(page: str) -> list[str]:
    return [str(code.text) for code in document_fromstring(page).xpath("//li/code")]


def send(client: Client, code: str, *, way: str = WAY) -> Any:
    return client.post(CODE, {"code": code, "next": way})


def test_where_it_is_not_demanded_an_officer_without_it_notices_nothing(
    citizen: Client, operator: User
) -> None:
    assert log_in(citizen, operator, way=WAY)["Location"] == WAY
    assert citizen.get(WAY).status_code == 200


def test_an_officer_with_an_authenticator_needs_its_code_even_where_it_is_optional(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    assert citizen.get(WAY)["Location"] == f"{CODE}?next={WAY}"
    assert citizen.post(CODE, {"code": code_of(device.bin_key), "next": WAY})["Location"] == WAY
    assert citizen.get(WAY).status_code == 200


@pytest.mark.usefixtures("demanded")
def test_where_it_is_required_the_password_alone_leads_to_the_set_up(
    citizen: Client, operator: User
) -> None:
    log_in(citizen, operator)
    assert citizen.get(WAY)["Location"] == f"{SET_UP}?next={WAY}"


ADDRESSES = [
    "/admin/",
    "/admin/auth/user/",
    "/admin/bureaus/page/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/admin/r/1/1/",
    "/admin/nothing/",
    BACKUP_CODES,
    "/admin/login/../",
    "/admin/second-factor",
]


@pytest.mark.usefixtures("demanded")
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_else_is_reached_before_it_is_set_up(
    citizen: Client, operator: User, address: str
) -> None:
    log_in(citizen, operator)
    for answer in (citizen.get(address), citizen.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(SET_UP)


@pytest.mark.parametrize("address", [*ADDRESSES, SET_UP])
def test_no_other_page_is_reached_before_the_code_is_typed(
    citizen: Client, operator: User, device: TOTPDevice, address: str
) -> None:
    log_in(citizen, operator)
    for answer in (citizen.get(address), citizen.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(CODE)


@pytest.mark.parametrize("address", [CODE, SET_UP, BACKUP_CODES])
def test_the_second_factor_is_not_reached_without_a_password(citizen: Client, address: str) -> None:
    for answer in (citizen.get(address), citizen.post(address)):
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("demanded")
def test_the_way_from_the_password_through_the_set_up_into_the_admin(
    citizen: Client, operator: User
) -> None:
    log_in(citizen, operator)
    key = key_on(citizen.get(f"{SET_UP}?next={WAY}").content.decode())
    before = citizen.cookies["session"].value
    done = citizen.post(SET_UP, {"code": code_of(key), "next": WAY})
    page = done.content.decode()
    assert len(set(codes_on(page))) == 10
    assert f'href="{WAY}"' in page
    assert "no-store" in done.headers["Cache-Control"]
    assert citizen.cookies["session"].value != before
    assert citizen.get(WAY).status_code == 200


@pytest.mark.usefixtures("demanded")
def test_a_wrong_code_sets_up_nothing_and_the_key_stays_the_same(
    citizen: Client, operator: User
) -> None:
    log_in(citizen, operator)
    key = key_on(citizen.get(SET_UP).content.decode())
    page = citizen.post(SET_UP, {"code": wrong(code_of(key))}).content.decode()
    assert "コードが違います。認証アプリに今出ている6けたの数字を" in page
    assert key_on(page) == key
    assert not TOTPDevice.objects.exists()
    assert citizen.get(WAY)["Location"].startswith(SET_UP)


@pytest.mark.usefixtures("demanded")
def test_the_key_of_one_login_is_never_shown_in_another(citizen: Client, operator: User) -> None:
    other = browser()
    for client in (citizen, other):
        log_in(client, operator)
    mine, theirs = (key_on(client.get(SET_UP).content.decode()) for client in (citizen, other))
    assert mine != theirs
    citizen.post(SET_UP, {"code": code_of(mine)})
    assert other.post(SET_UP, {"code": code_of(theirs)})["Location"].startswith(CODE)
    assert TOTPDevice.objects.count() == 1


def test_the_backup_codes_are_never_shown_again(citizen: Client, operator: User) -> None:
    log_in(citizen, operator)
    key = key_on(citizen.get(SET_UP).content.decode())
    assert len(codes_on(citizen.post(SET_UP, {"code": code_of(key)}).content.decode())) == 10
    for answer in (citizen.get(SET_UP), citizen.post(SET_UP, {"code": code_of(key, later=1)})):
        assert codes_on(answer.content.decode()) == []
        assert "あと10個" in answer.content.decode()


def test_the_qr_code_and_the_link_contain_the_displayed_key(
    citizen: Client, operator: User
) -> None:
    log_in(citizen, operator)
    page = document_fromstring(citizen.get(SET_UP).content.decode())
    (letters,) = page.xpath("//dd/code/text()")
    (link,) = page.xpath("//a[starts-with(@href, 'otpauth:')]/@href")
    assert f"secret={letters.replace(' ', '')}" in link
    assert all(len(group) == 4 for group in letters.split())
    assert page.xpath("//svg[@role='img'][@aria-label]/path/@d")
    assert not page.xpath("//@style | //style | //script[not(@src)]")


@pytest.mark.parametrize(
    "dress", ["{}", " {} ", "{0:.3} {0:.3}", "full width"], ids="bare spaces gap wide".split()
)
def test_a_code_is_understood_as_it_is_typed(
    citizen: Client, operator: User, device: TOTPDevice, dress: str
) -> None:
    log_in(citizen, operator)
    code = code_of(device.bin_key)
    typed = {
        "{0:.3} {0:.3}": f"{code[:3]} {code[3:]}",
        "full width": code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    }.get(dress, dress.format(code))
    send(citizen, typed)
    assert is_inside(citizen)


def test_a_code_is_accepted_once(operator: User, device: TOTPDevice) -> None:
    code = code_of(device.bin_key)
    first, second = browser(), browser()
    for client in (first, second):
        log_in(client, operator)
        send(client, code)
    assert is_inside(first)
    assert not is_inside(second)


def test_a_backup_code_lets_in_once_and_says_how_many_are_left(
    operator: User, device: TOTPDevice
) -> None:
    codes = renew_backup_codes(operator)
    first, second = browser(), browser()
    for client in (first, second):
        log_in(client, operator)
        send(client, codes[0].upper())
    assert "残りは9個です" in first.get("/admin/").content.decode()
    assert not is_inside(second)


def test_codes_of_a_colleague_open_nothing(
    citizen: Client, operator: User, device: TOTPDevice, writer: User
) -> None:
    other = give_authenticator(writer)
    log_in(citizen, operator)
    send(citizen, code_of(other.bin_key))
    TOTPDevice.objects.update(throttling_failure_count=0)
    send(citizen, renew_backup_codes(writer)[0])
    assert not is_inside(citizen)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "ａｂｃ", "'--", "٣٤٥٦٧٨", "x" * 5_000])
def test_what_is_no_code_is_refused_with_a_sentence(
    citizen: Client, operator: User, device: TOTPDevice, code: str
) -> None:
    renew_backup_codes(operator)
    log_in(citizen, operator)
    answer = citizen.post(CODE, {"code": code})
    assert answer.status_code == 200
    assert document_fromstring(answer.content.decode()).xpath("//*[@class='errorlist']/li")
    assert not is_inside(citizen)


# Guessing


def test_after_a_wrong_code_even_the_right_one_has_to_wait(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    send(citizen, wrong(code_of(device.bin_key)))
    TOTPDevice.objects.update(throttling_failure_count=6)
    answer = citizen.post(CODE, {"code": code_of(device.bin_key)})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 33
    assert "コードを続けて間違えたため" in answer.content.decode()
    assert not is_inside(citizen)
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=33))
    send(citizen, code_of(device.bin_key))
    assert is_inside(citizen)


def test_each_wrong_code_doubles_the_wait(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    waits = []
    for _ in range(5):
        send(citizen, wrong(code_of(device.bin_key)))
        device.refresh_from_db()
        _, reason = device.verify_is_allowed()
        assert reason is not None
        waits.append(reason["locked_until"] - device.throttling_failure_timestamp)
        long_ago = timezone.now() - timedelta(hours=1)
        TOTPDevice.objects.update(throttling_failure_timestamp=long_ago)
    assert [wait.seconds for wait in waits] == [1, 2, 4, 8, 16]


def test_a_new_browser_does_not_shorten_the_wait(operator: User, device: TOTPDevice) -> None:
    for _ in range(2):
        client = browser()
        log_in(client, operator)
        send(client, wrong(code_of(device.bin_key)))
        TOTPDevice.objects.update(throttling_failure_count=6)
    assert client.post(CODE, {"code": code_of(device.bin_key)}).status_code == 429


def test_mistyped_digits_do_not_lock_the_backup_codes(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    codes = renew_backup_codes(operator)
    log_in(citizen, operator)
    send(citizen, wrong(code_of(device.bin_key)))
    send(citizen, codes[0])
    assert is_inside(citizen)


# Later


def test_new_backup_codes_require_the_password_and_replace_the_old_ones(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    old = renew_backup_codes(operator)
    log_in(citizen, operator)
    send(citizen, code_of(device.bin_key))
    assert document_fromstring(citizen.get(SET_UP).content).xpath("//input[@type='password']")
    for typed in ({}, {"password": "まちがい"}):
        page = citizen.post(BACKUP_CODES, typed).content.decode()
        assert codes_on(page) == []
        assert document_fromstring(page).xpath("//*[@class='errorlist']/li")
        assert backup_codes_left(operator) == 10
    page = citizen.post(BACKUP_CODES, {"password": password_of(operator)}).content.decode()
    assert len(codes_on(page)) == 10
    assert not set(codes_on(page)) & set(old)
    assert BackupCodes.objects.count() == 1
    assert BackupCode.objects.count() == 10


def test_guessing_the_password_at_the_backup_codes_is_limited_as_at_the_login(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    send(citizen, code_of(device.bin_key))
    guesses = [citizen.post(BACKUP_CODES, {"password": "まちがい"}) for _ in range(5)]
    assert guesses[-1].status_code == 429
    refused = citizen.post(BACKUP_CODES, {"password": password_of(operator)})
    assert refused.status_code == 429
    assert backup_codes_left(operator) == 0


def test_the_set_up_requires_the_password_where_the_login_is_old(
    citizen: Client, operator: User
) -> None:
    log_in(citizen, operator)
    session = citizen.session
    session["began"] -= 11 * 60
    session.save()
    key = key_on(citizen.get(SET_UP).content.decode())
    for password in ("", "まちがい"):
        page = citizen.post(SET_UP, {"code": code_of(key), "password": password}).content.decode()
        assert codes_on(page) == []
    assert not TOTPDevice.objects.exists()
    typed = {"code": code_of(key), "password": password_of(operator)}
    assert len(codes_on(citizen.post(SET_UP, typed).content.decode())) == 10


def test_backup_codes_need_an_authenticator(citizen: Client, operator: User) -> None:
    log_in(citizen, operator)
    assert citizen.post(BACKUP_CODES).status_code == 302
    assert not BackupCode.objects.exists()
