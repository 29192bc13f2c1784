"""The publisher of the site: what footer, structured data and the search description name."""

import re
from dataclasses import dataclass
from functools import partial

from ministry_site.environment import read

NAME_LENGTH, ADDRESS_LENGTH = 50, 200  # characters
POSTAL_CODE = re.compile(r"\d{3}-\d{4}", re.ASCII)
TELEPHONE = re.compile(r"(?:0\d{1,4}|\+81-\d{1,4})(?:-\d{1,4}){1,2}", re.ASCII)
CORPORATE_NUMBER = re.compile(r"[1-9]\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Publisher:
    """What is not given is empty, and left out where it would be named."""

    name: str = ""
    postal_code: str = ""
    address: str = ""
    telephone: str = ""
    corporate_number: str = ""


# Of the sample in fixtures/, while SAMPLE is on and the environment names nobody.
PUBLISHER_OF_SAMPLE = Publisher(
    name="総務省",
    postal_code="100-8926",
    address="東京都千代田区霞が関2-1-2 中央合同庁舎第2号館",
    telephone="03-5253-5111",
    corporate_number="2000012020001",
)


def publisher() -> Publisher:
    """Return the publisher in the environment. Raises ImproperlyConfigured."""
    return Publisher(
        name=read(
            "PUBLISHER_NAME",
            "",
            parse=partial(line, most=NAME_LENGTH),
            expected=f"{NAME_LENGTH}文字以内で1行の名前",
        ),
        postal_code=read(
            "PUBLISHER_POSTAL_CODE",
            "",
            parse=partial(match, POSTAL_CODE),
            expected="100-8926 の形の郵便番号（半角）",
        ),
        address=read(
            "PUBLISHER_ADDRESS",
            "",
            parse=partial(line, most=ADDRESS_LENGTH),
            expected=f"{ADDRESS_LENGTH}文字以内で1行の所在地",
        ),
        telephone=read(
            "PUBLISHER_TELEPHONE",
            "",
            parse=partial(match, TELEPHONE),
            expected="市外局番から 03-5253-5111 の形の電話番号（半角）",
        ),
        corporate_number=read(
            "PUBLISHER_CORPORATE_NUMBER",
            "",
            parse=corporate_number,
            expected="国税庁の公表する13桁の法人番号（半角。最初の桁は、残りから計算した検査用の数字）",
        ),
    )


def line(text: str, *, most: int) -> str:
    if len(text) > most or not text.isprintable():
        raise ValueError(text)
    return text


def match(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def corporate_number(text: str) -> str:
    """Return a 法人番号 whose check digit is right. Raises ValueError."""
    match(CORPORATE_NUMBER, text)
    if int(text[0]) != check_digit(text[1:]):
        raise ValueError(text)
    return text


def check_digit(digits: str) -> int:
    """Return the check digit of a 法人番号: from the right, each second digit counts twice."""
    return 9 - sum(int(digit) * (1 + number % 2) for number, digit in enumerate(digits[::-1])) % 9
