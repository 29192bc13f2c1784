"""Titles in Latin letters, as several threads of the admin ask for them."""

from concurrent.futures import ThreadPoolExecutor

from bureaus.text.words.romanisation import romanise

TITLE = "放送法施行規則の一部を改正する省令案に対する意見募集の結果" * 7


def test_several_threads_romanise_at_once() -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        slugs = set(pool.map(romanise, [TITLE] * 400))
    assert slugs == {romanise(TITLE)}
