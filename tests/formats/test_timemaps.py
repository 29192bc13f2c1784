"""TimeMaps as link-format and as JSON."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from requests.utils import parse_header_links

from bureaus.models import Answer, Edition, State
from bureaus.publishing import rename, update_live_until
from tests.helpers.cast import OPENING, Site, approve, tokyo
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
URL = f"http://localhost{BUREAU}"
TEXT, JSON = f"{BUREAU}history/timemap.link", f"{BUREAU}history/timemap.json"
# RFC 7089, figure 28, without the licences.
OF_THE_RFC = """\
<http://a.example.org>;rel="original",
 <http://arxiv.example.net/timemap/http://a.example.org>
   ; rel="self";type="application/link-format"
   ; from="Tue, 20 Jun 2000 18:02:59 GMT"
   ; until="Wed, 09 Apr 2008 20:30:51 GMT",
 <http://arxiv.example.net/timegate/http://a.example.org>
   ; rel="timegate",
 <http://arxiv.example.net/web/20000620180259/http://a.example.org>
   ; rel="first memento";datetime="Tue, 20 Jun 2000 18:02:59 GMT",
 <http://arxiv.example.net/web/20091027204954/http://a.example.org>
   ; rel="last memento";datetime="Tue, 27 Oct 2009 20:49:54 GMT",
 <http://arxiv.example.net/web/20000621011731/http://a.example.org>
   ; rel="memento";datetime="Wed, 21 Jun 2000 01:17:31 GMT"
"""


@pytest.fixture
def revised(site: Site) -> Site:
    approve(site.bureau, "二番目の局", live_from=tokyo(2014, 2, 3, 10), category="bureau")
    start = tokyo(2015, 2, 3, 10) + timedelta(seconds=30, milliseconds=500)
    approve(site.bureau, "三番目の局", live_from=start, category="bureau")
    approve(site.bureau, "まだ秘密の局", live_from=tokyo(2099), category="bureau")
    return site


def parsed(text: str) -> list[dict[str, str]]:
    return parse_header_links(" ".join(text.split()))


def shape(links: list[dict[str, str]]) -> dict[str, set[str]]:
    """The attributes that a link of each relation has."""
    return {
        relation: {*link} - {"url", "rel"} for link in links for relation in link["rel"].split()
    }


def test_a_timemap_lists_every_memento_with_its_moment(revised: Site, citizen: Client) -> None:
    response = citizen.get(TEXT)
    assert response.headers["Content-Type"] == "application/link-format"
    assert response.headers["X-Robots-Tag"] == "noindex"
    listed = [link for link in parsed(response.content.decode()) if "memento" in link["rel"]]
    assert [(link["rel"], link["url"], link["datetime"]) for link in listed] == [
        ("first memento", f"{URL}?at=2013-04-01T00:00", "Sun, 31 Mar 2013 15:00:00 GMT"),
        ("memento", f"{URL}?at=2014-02-03T10:00", "Mon, 03 Feb 2014 01:00:00 GMT"),
        ("last memento", f"{URL}?at=2015-02-03T10:00:31", "Tue, 03 Feb 2015 01:00:31 GMT"),
    ]
    for link in listed:
        memento = citizen.get(link["url"])
        assert memento.status_code == 200
        assert memento.headers["Memento-Datetime"] == link["datetime"]


def test_a_timemap_has_the_relations_of_the_rfc(revised: Site, citizen: Client) -> None:
    links = parsed(citizen.get(TEXT).content.decode())
    ours, theirs = shape(links), shape(parsed(OF_THE_RFC))
    assert {relation: ours[relation] for relation in theirs} == theirs
    [own] = [link for link in links if link["rel"] == "self"]
    assert own["url"] == f"http://localhost{TEXT}"
    assert (own["from"], own["until"]) == (
        "Sun, 31 Mar 2013 15:00:00 GMT",
        "Tue, 03 Feb 2015 01:00:31 GMT",
    )


def test_a_page_with_one_edition_has_one_memento(site: Site, citizen: Client) -> None:
    text = citizen.get(TEXT).content.decode()
    assert [link["rel"] for link in parsed(text)] == [
        "original timegate",
        "self",
        "timemap",
        "first last memento",
    ]


def test_the_same_timemap_is_json(revised: Site, citizen: Client) -> None:
    data = citizen.get(JSON).json()
    assert data["original_uri"] == data["timegate_uri"] == URL
    assert data["timemap_uri"] == {
        "link_format": f"http://localhost{TEXT}",
        "json_format": f"http://localhost{JSON}",
    }
    assert [each["datetime"] for each in data["mementos"]["list"]] == [
        "2013-03-31T15:00:00Z",
        "2014-02-03T01:00:00Z",
        "2015-02-03T01:00:31Z",
    ]
    assert data["mementos"]["first"] == data["mementos"]["list"][0]
    assert data["mementos"]["last"] == data["mementos"]["list"][-1]
    assert citizen.get(data["mementos"]["first"]["uri"]).status_code == 200


def test_what_cannot_be_read_is_not_listed(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "局", live_from=tokyo(2016), answer=Answer.GONE)
    approve(revised.bureau, "もどった局", live_from=tokyo(2017), category="bureau")
    starts = [each["uri"][-16:] for each in citizen.get(JSON).json()["mementos"]["list"]]
    assert "2017-01-01T00:00" in starts
    assert "2016-01-01T00:00" not in starts


def test_a_timemap_is_where_its_page_is(revised: Site, citizen: Client) -> None:
    rename(page=revised.bureau, slug="kokusai", actor=None)
    for address in (TEXT, JSON):
        moved = citizen.get(address)
        assert moved.status_code == 301
        assert moved.headers["Location"] == address.replace("joho_kokusai", "kokusai")
    for ending in ("timemap.link", "timemap.json"):
        assert citizen.get(f"/nothing/history/{ending}").status_code == 404


@pytest.mark.parametrize("address", [TEXT, JSON])
def test_a_timemap_takes_two_queries_with_any_number_of_editions(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    for number in range(30):
        approve(site.bureau, f"第{number}の名前", live_from=tokyo(2014) + timedelta(days=number))
    with django_assert_num_queries(2):
        assert citizen.get(address).status_code == 200


def test_programs_of_other_sites_may_read_it(site: Site, citizen: Client) -> None:
    headers = citizen.get(TEXT).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in headers["Access-Control-Expose-Headers"].split(", ")


def test_a_long_history_has_its_timemap_in_parts(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Edition.objects.bulk_create(
        Edition(
            page=site.bureau,
            number=number,
            state=State.APPROVED,
            live_from=OPENING + timedelta(hours=number),
            title="局",
            category="bureau",
        )
        for number in range(2, 2_101)
    )
    update_live_until([site.bureau.pk])
    with django_assert_num_queries(4):
        newest = citizen.get(JSON).json()
    found = [each["uri"] for each in newest["mementos"]["list"]]
    assert len(found) == 100
    assert "first" not in newest["mementos"]
    for part in reversed(newest["timemap_index"]):
        older = citizen.get(part["uri"]).json()
        listed = older["mementos"]["list"]
        assert (listed[0]["datetime"], listed[-1]["datetime"]) == (part["from"], part["until"])
        assert len(listed) == 1_000
        assert "last" not in older["mementos"]
        found = [each["uri"] for each in listed] + found
    assert len(set(found)) == len(found) == 2_100
    assert found[0] == older["mementos"]["first"]["uri"]
    links = parsed(citizen.get(f"{TEXT}?page=2").content.decode())
    assert [(link["rel"], link["url"]) for link in links if "memento" not in link["rel"]] == [
        ("original timegate", URL),
        ("self", f"http://localhost{TEXT}?page=2"),
        ("timemap", f"http://localhost{JSON}?page=2"),
        ("timemap", f"http://localhost{TEXT}?page=1"),
        ("timemap", f"http://localhost{TEXT}"),
    ]
    assert len({link["from"] for link in links if "from" in link}) == 3
    for wrong in ("3", "0", "x", ""):
        assert citizen.get(f"{TEXT}?page={wrong}").status_code == 404


def test_a_short_history_has_no_parts(revised: Site, citizen: Client) -> None:
    assert citizen.get(f"{TEXT}?page=1").status_code == 404
    assert "timemap_index" not in citizen.get(JSON).json()
