"""Pictures and documents that another branch has not published yet."""

from collections.abc import Iterable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bureaus.models import Document, Edition, Figure, Image, Kind, Link, Part, Role
from bureaus.publishing import Blocked, edit
from tests.helpers.admin_form import fields_of, row
from tests.helpers.cast import Site, client_of, officer, publish
from tests.helpers.editing import drafted, refused

pytestmark = pytest.mark.one_database_unless_long


def of(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def screen(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def author(site: Site) -> User:
    """Writes everywhere."""
    return officer("文書課", {site.root: [Role.WRITER]})


@pytest.fixture
def draft_of_others(site: Site, author: User) -> Edition:
    """In a bureau that the writer does not keep."""
    page = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    return drafted(page, author)


def report(title: str, users: Iterable[Edition] = ()) -> Document:
    """A document of the library, which these drafts use."""
    document = Document.objects.create(
        file=f"documents/{Document.objects.count()}.pdf", title=title, byte_size=3
    )
    for edition in users:
        place = edition.links.count() + 1
        Link.objects.create(edition=edition, text="資料", document=document, position=place)
    return document


def picture(name: str, users: Iterable[Edition] = ()) -> Image:
    image = Image.objects.create(file=f"images/{name}.png", width=1, height=1, byte_size=3)
    for edition in users:
        Figure.objects.create(edition=edition, image=image, alt="図")
    return image


def test_what_others_have_under_embargo_is_not_on_the_options_html(
    site: Site, draft_of_others: Edition, writer: User, author: User
) -> None:
    mine = drafted(site.bureau, writer)
    report("ヒミツの報告書", [draft_of_others])
    picture("himitsu", [draft_of_others])
    report("まだだれも使わない資料")
    report("自分の局の資料", [drafted(site.sections[0], writer)])
    public = report("公開した資料", [draft_of_others])
    Link.objects.bulk_create(
        [Link(edition=site.guide.editions.get(), text="資料", document=public)]
    )
    form = screen("bureaus_edition_change", mine.pk)
    options_html = of(writer).get(form).content.decode()
    assert "ヒミツ" not in options_html
    assert "himitsu" not in options_html
    for title in ("まだだれも使わない資料", "自分の局の資料", "公開した資料"):
        assert title in options_html
    both = of(author).get(form).content.decode()
    assert "ヒミツの報告書" in both
    assert "himitsu.png" in both


def test_what_is_not_on_the_options_html_is_not_taken_from_it_by_its_number(
    site: Site, draft_of_others: Edition, writer: User
) -> None:
    mine = drafted(site.bureau, writer)
    secret, image = report("ヒミツ", [draft_of_others]), picture("himitsu", [draft_of_others])
    sent = fields_of(mine, writer)
    sent |= row("links", 0, text="資料", document=secret.pk)
    sent |= row("figures", 0, alt="図", image=image.pk)
    response = client_of(writer).post(screen("bureaus_edition_change", mine.pk), sent)
    content = response.content.decode()
    assert "選んだものが見つかりません" in content
    assert "ヒミツ" not in content
    typed = client_of(writer).post(screen("edition-preview-typed", mine.pk), sent).content.decode()
    assert str(secret.file) not in typed
    assert str(image.file) not in typed
    assert not mine.links.exists()
    assert not mine.figures.exists()


@pytest.mark.parametrize("library", ["document", "image"])
def test_no_action_takes_what_others_have_under_embargo(
    site: Site, draft_of_others: Edition, writer: User, author: User, library: str
) -> None:
    mine = drafted(site.bureau, writer)

    def parts() -> dict[type[Part], list[Part]]:
        if library == "document":
            return {Link: [Link(text="資料", document=Document.objects.get())]}
        return {Figure: [Figure(alt="図", image=Image.objects.get())]}

    (report if library == "document" else picture)("himitsu", [draft_of_others])
    with pytest.raises(Blocked) as caught:
        edit(edition=mine, actor=writer, changes={}, parts=parts(), revision=mine.revision)
    assert refused(caught) == {"foreign_file"}
    assert "himitsu" not in str(caught.value)
    # An officer of both may; what the own draft then has stays when its writer saves it again.
    mine = edit(edition=mine, actor=author, changes={}, parts=parts(), revision=mine.revision)
    edit(edition=mine, actor=writer, changes={}, parts=parts(), revision=mine.revision)
