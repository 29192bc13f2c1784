"""What a new password may not be, besides Django's own rules."""

import hashlib
import http.client
import logging
import re
import unicodedata
from http import HTTPStatus
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

logger = logging.getLogger("bureaus.login")
# In breached lists of Japanese accounts, and missing in Django's list.
COMMON_HERE = """
    さくら さくらさくら あいうえお あいうえおかきくけこ いろはにほへと ぱすわーど パスワード
    あんしょうばんごう 暗証番号 合言葉 秘密 日本 東京 富士山 ありがとう こんにちは おはよう
    doraemon pikachu sakurasaku arigatou konnichiwa ohayou aishiteru daisuki kawaii nihon nippon
    toukyou oosaka kyouto fujisan himitsu aikotoba watashi tomodachi kazoku
""".split()
# Words of the place, by which a stranger would begin to guess; docs/operations.md names them.
CONTEXT = """
    総務省 省庁 官庁 政府 霞が関 霞ヶ関 管理 管理者 運用 担当 担当者 承認 承認者 作成者 職員 公務員
    soumu soumusho somu mic kanri kanrisha unyou tantou tantousha shounin shouninsha sakusei
    shokuin koumuin kasumigaseki seifu ministry government admin administrator operator officer
    writer approver manager website homepage hp site web www go jp lg
""".split()
OUTER = re.compile(r"^[\W\d_]+|[\W\d_]+$")  # what is put around a common word
INNER = re.compile(r"[\W\d_]+")
STRIPPED = 100  # characters: the expression is quadratic, and no common word is as long
LONGEST = 1_000
SHARE = 2  # a password is common whose common part is at least its half
PREFIX = 5  # hexadecimal digits of the SHA-1 that leave the machine
SECONDS = 2.0
MAX_BYTES = 1024**2
COMMON = (
    "よく使われるパスワードか、それに数字や記号を付けただけのものです。別のものにしてください。"
)
TOO_LONG = "パスワードが{:,}文字あります。長すぎるため、{:,}文字以内にしてください。"
OF_THE_PLACE = (
    "府省やサイト、役割の名前と、数字や記号だけでできています。ほかの言葉も入れてください。"
)
BREACHED = "漏れたことが知られているパスワードです。別のものにしてください。"


def folded(password: str) -> str:
    return unicodedata.normalize("NFKC", password).lower().strip()


class MaximumLengthValidator:
    """Refuses what nobody types: each of the other rules reads all of it."""

    def validate(self, password: str, user: Any = None) -> None:
        del user
        if len(password) > LONGEST:
            raise ValidationError(TOO_LONG.format(len(password), LONGEST), code="password_too_long")

    def get_help_text(self) -> str:
        return f"パスワードは{LONGEST:,}文字までです。"


class CommonWordValidator(CommonPasswordValidator):
    """Django's twenty thousand commonest, and those of this country, with digits around them."""

    def validate(self, password: str, user: Any = None) -> None:
        del user
        words = self.passwords | set(COMMON_HERE)
        typed = folded(password)
        core = OUTER.sub("", typed) if len(typed) <= STRIPPED else typed
        if typed in words or (core in words and len(core) * SHARE >= len(typed)):
            raise ValidationError(COMMON, code="password_too_common")

    def get_help_text(self) -> str:
        return "よく使われるパスワードは使えません。"


class ContextWordValidator:
    """Refuses what is made of the words of this site and the name of the account alone."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = INNER.sub(" ", folded(password))
        for word in sorted(self.words(user), key=len, reverse=True):
            rest = rest.replace(word, " ")
        if not rest.strip():
            raise ValidationError(OF_THE_PLACE, code="password_of_the_place")

    def words(self, user: Any) -> set[str]:
        """Return the words in the form in which they are compared."""
        texts = [settings.PUBLISHER.name, *settings.ALLOWED_HOSTS, settings.SITE_ORIGIN]
        texts.append(user.get_username() if user else "")
        found = {word for text in texts for word in INNER.split(folded(text))}
        return {folded(word) for word in CONTEXT} | (found - {""})

    def get_help_text(self) -> str:
        return "府省やサイトの名前と数字だけのパスワードは使えません。"


class BreachedPasswordValidator:
    """
    Asks the service in BREACHED_PASSWORDS whether the password is in a known breach.

    It learns five digits of a hash, which hundreds of passwords share (k-anonymity), in the
    protocol of Have I Been Pwned. A service that does not answer refuses nobody.
    """

    def validate(self, password: str, user: Any = None) -> None:
        del user
        if not settings.BREACHED_PASSWORDS:
            return
        # The protocol's hash; nothing is protected by it.
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            answer = fetch(settings.BREACHED_PASSWORDS + digest[:PREFIX])
        except (OSError, ValueError, http.client.HTTPException) as error:
            logger.warning(
                "漏れたパスワードの一覧（BREACHED_PASSWORDS）を調べられません（%s）。", error
            )
            return
        if digest[PREFIX:] in counted(answer):
            raise ValidationError(BREACHED, code="password_breached")

    def get_help_text(self) -> str:
        return "漏れたことが知られているパスワードは使えません。"


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """Follow none: the operator named this address and no other."""


def fetch(address: str) -> str:
    """Return the answer of the service. Raises OSError, of which URLError is one."""
    request = Request(address, headers={"Add-Padding": "true", "User-Agent": "ministry-site"})  # noqa: S310 - https by the setting's parser
    with build_opener(NoRedirects).open(request, timeout=SECONDS) as answer:
        if answer.status != HTTPStatus.OK:
            raise OSError(answer.status)
        return str(answer.read(MAX_BYTES).decode("ascii"))


def counted(answer: str) -> set[str]:
    """Return the ends of hashes with a count; padding has none."""
    lines = (line.strip().upper().partition(":") for line in answer.splitlines())
    return {end for end, _, count in lines if count.strip("0")}
