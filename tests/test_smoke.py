from bureaus.integrity import problems
from tests.generator import grow


def test_site(site, citizen):
    assert citizen.get("/main_sosiki/joho_kokusai/").status_code == 200
    assert problems() == []


def test_grow(db, citizen):
    for a in grow(2000).values():
        assert citizen.get(a).status_code in (200, 404), a
    assert problems() == []
