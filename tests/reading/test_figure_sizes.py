"""Pictures at three sizes, beside the text or in it, with a link to the large one."""

import pytest
from django.test import Client
from lxml.html import HtmlElement

from bureaus.models import Edition, Figure
from bureaus.reading import draft_text, present_moment, preview
from bureaus.reading.view_models import PageView
from tests.helpers.cast import Site
from tests.helpers.libraries import picture
from tests.helpers.reader import BUREAU, read, texts, values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
RENDITIONS = "320.webp 640.webp 320.jpg 640.jpg"


def illustrate(edition: Edition, *sizes: str, body: str = "") -> None:
    """As if the figures had always been there."""
    Edition.objects.filter(pk=edition.pk).update(body=body)
    Figure.objects.bulk_create(
        Figure(
            edition=edition,
            image=picture(f"images/{number}.jpg", renditions=RENDITIONS),
            alt=f"流れ図{number}の内容",
            position=number,
            size=size,
        )
        for number, size in enumerate(sizes, 1)
    )


@pytest.fixture
def edition(site: Site) -> Edition:
    return Edition.objects.get(page=site.bureau)


def shapes(page: HtmlElement, where: str) -> list[str]:
    return values(page, f"//*[@class='{where}']/figure/@data-shape")


@pytest.mark.usefixtures("site")
def test_a_figure_has_its_size_and_leads_to_the_large_picture(
    edition: Edition, citizen: Client
) -> None:
    illustrate(edition, "small", "medium", "large", "")
    page = read(citizen, BUREAU)
    assert shapes(page, "figures") == ["small", "medium", "large", "plain"]
    assert values(page, "//a[@class='figures__large']/@href") == [
        f"/media/images/{number}.jpg" for number in (1, 2, 3, 4)
    ]
    assert values(page, "//source[@media='print']/@srcset")[0] == "/media/images/1.jpg"
    sizes = values(page, "//figure//img/@sizes")
    assert sizes[:2] == ["15rem", "(min-width: 32rem) 30rem, 100vw"]


def test_a_picture_that_stands_in_full_or_decorates_has_no_link(
    edition: Edition, citizen: Client
) -> None:
    illustrate(edition, "large", "large")
    first, second = Figure.objects.filter(edition=edition)
    Figure.objects.filter(pk=first.pk).update(is_decorative=True)
    type(second.image).objects.filter(pk=second.image_id).update(width=800)
    assert values(read(citizen, BUREAU), "//a[@class='figures__large']") == []


def test_marks_in_the_body_show_their_figures_there_and_the_others_beside_it(
    edition: Edition, citizen: Client
) -> None:
    body = "<p>手順です。</p><p>〔図2〕</p><p>続きです。</p><p>〔図２〕</p>"
    illustrate(edition, "small", "large", body=body)
    page = read(citizen, BUREAU)
    assert shapes(page, "text__body") == ["large"]
    assert shapes(page, "figures") == ["small"]
    assert texts(page, "//*[@class='text__body']/p") == ["手順です。", "続きです。"]
    assert "〔図" not in values(page, "//meta[@name='description']/@content")[0]


def test_a_mark_keeps_its_figure_when_an_earlier_one_is_sealed(
    edition: Edition, citizen: Client
) -> None:
    illustrate(edition, "small", "large", body="<p>〔図1〕</p><p>〔図2〕</p>")
    Figure.objects.filter(edition=edition, position=1)._raw_delete("default")
    page = read(citizen, BUREAU)
    assert values(page, "//*[@class='text__body']//img/@alt") == ["流れ図2の内容"]


def test_the_preview_of_a_draft_shows_the_same(edition: Edition) -> None:
    illustrate(edition, "medium", body="<p>〔図1〕</p>")
    edition.refresh_from_db()
    edition.page.placement = edition.page.placements.get()
    view = preview(draft_text(edition), present_moment())
    assert isinstance(view, PageView)
    assert [(figure.position, figure.shape) for figure in view.figures] == [(1, "medium")]
