"""The screen of one image: description, uses, focal point and deletion."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image as Picture

from bureaus.models import Action, AuditEntry, Edition, Image
from bureaus.publishing import add_image, start_draft
from tests.helpers import uploads
from tests.helpers.cast import Site, client_of
from tests.helpers.libraries import IMAGES, many, picture, show_in
from tests.helpers.page_details import panel, queries_of, text_in
from tests.helpers.storms import MANY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database,
]

PERCENT = "0から100までの数を書いてください。"


def address(image: Image, action: str = "change") -> str:
    return f"{IMAGES}{image.pk}/{action}/"


def read(client: Client, image: Image) -> str:
    response = client.get(address(image))
    assert response.status_code == 200
    return response.content.decode()


def typed(client: Client, image: Image, **changes: Any) -> dict[str, Any]:
    """Return the data of the form with these changes."""
    form = client.get(address(image)).context["form"]
    version = client.get(address(image)).context["version"]
    return {name: form[name].value() for name in form.fields} | {"version": version} | changes


def in_force(site: Site) -> Edition:
    return Edition.objects.get(page=site.bureau, live_from__isnull=False)


def test_the_screen_tells_all_that_is_known_of_the_picture(writer: User) -> None:
    image = picture(uploader=writer, renditions="640.webp 640.jpg 320.webp", focal_x=30)
    screen_text = text_in(read(client_of(writer), image))
    for words in ("1200×800画素、9KB", "鈴木", "WebPの幅320・640画素", "左から30%、上から50%"):
        assert words in screen_text


def test_the_picture_is_had_under_its_own_name(writer: User) -> None:
    assert 'href="/admin/files/images/a.jpg" download="会談.jpg"' in read(
        client_of(writer), picture()
    )


def test_what_only_a_foreign_draft_uses_is_not_there(
    site: Site, writer: User, outsider: User
) -> None:
    image = picture()
    show_in(start_draft(page=site.bureau, actor=writer), image)
    for action in ("change", "delete"):
        assert client_of(outsider).get(address(image, action)).status_code == 404
        assert client_of(outsider).post(address(image, action)).status_code == 404
    assert "会談" in read(client_of(writer), image)


# The description


def test_the_description_is_saved_and_listed_in_the_history(writer: User) -> None:
    image, client = picture(), client_of(writer)
    sent = typed(client, image, default_alt="握手する二人の大臣", credit="総務省", focal_x=20)
    assert client.post(address(image), sent).status_code == 302
    image.refresh_from_db()
    assert (image.default_alt, image.credit, image.focal_x) == ("握手する二人の大臣", "総務省", 20)
    history = text_in(panel(read(client, image), "events"))
    assert "ファイルの説明の変更" in history
    assert "代替テキストの案「握手する二人の大臣」、撮影者・提供者「総務省」" in history


def test_a_pasted_picture_gets_another_name_at_once(writer: User, outsider: User) -> None:
    image = picture(name="局の紹介 図1.jpg", default_alt="握手", credit="総務省")
    sent = client_of(writer).post(address(image, "name"), {"name": "案内図 2026.png\n"})
    assert sent.json() == {"name": "案内図 2026.jpg"}
    image.refresh_from_db()
    assert (image.name, image.default_alt, image.credit) == ("案内図 2026.jpg", "握手", "総務省")
    assert AuditEntry.objects.get().details == {"changes": {"name": "案内図 2026.jpg"}}
    assert client_of(writer).post(address(image, "name"), {"name": " "}).status_code == 422


def test_only_changes_are_listed(writer: User) -> None:
    image, client = picture(credit="総務省"), client_of(writer)
    client.post(address(image), typed(client, image, default_alt="握手"))
    assert AuditEntry.objects.get().details == {"changes": {"default_alt": "握手"}}
    client.post(address(image), typed(client, image))
    assert AuditEntry.objects.count() == 1


def test_an_empty_phrase_is_saved_with_the_advice(writer: User) -> None:
    image, client = picture(), client_of(writer)
    client.post(address(image), typed(client, image, default_alt="写真1"))
    image.refresh_from_db()
    assert image.default_alt == "写真1"
    assert "図の中身を伝えていません" in text_in(read(client, image))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("default_alt", "長" * 301, "300文字以内に短くしてください（いま301文字です）"),
        ("credit", "長" * 201, "200文字以内に短くして"),
        ("focal_x", "101", PERCENT),
        ("focal_y", "-1", PERCENT),
        ("focal_y", "まんなか", PERCENT),
        ("focal_x", "", PERCENT),
    ],
)
def test_what_cannot_be_stored_comes_back_with_the_reason(
    writer: User, field: str, value: str, sentence: str
) -> None:
    image, client = picture(), client_of(writer)
    sent = typed(client, image, credit="総務省") | {field: value}
    response = client.post(address(image), sent)
    assert response.status_code == 422
    answer = response.content.decode()
    assert sentence in text_in(answer)
    assert value in answer
    assert not AuditEntry.objects.exists()


def test_of_two_who_save_the_second_reads_what_the_first_has_written(
    writer: User, second_approver: User
) -> None:
    image, first, second = picture(), client_of(writer), client_of(second_approver)
    late = typed(second, image, default_alt="二人目の案")
    first.post(address(image), typed(first, image, default_alt="一人目の案"))
    response = second.post(address(image), late)
    answer = response.content.decode()
    assert response.status_code == 409
    assert "いまの案は「一人目の案」" in text_in(answer)
    assert "二人目の案</textarea>" in answer
    again = late | {"version": response.context["version"]}
    assert second.post(address(image), again).status_code == 302
    image.refresh_from_db()
    assert image.default_alt == "二人目の案"


def test_who_is_no_writer_reads_it_and_the_blockers(approver: User) -> None:
    image, client = picture(default_alt="握手"), client_of(approver)
    answer = read(client, image)
    assert "作成者の役割が要ります" in text_in(answer)
    assert "<textarea" not in answer
    sent = {"default_alt": "x", "credit": "", "focal_x": 1, "focal_y": 1}
    version = client.get(address(image)).context["version"]
    assert client.post(address(image), sent | {"version": version}).status_code == 403
    image.refresh_from_db()
    assert image.default_alt == "握手"


def test_what_has_been_deleted_meanwhile_is_not_there(writer: User) -> None:
    image, client = picture(), client_of(writer)
    sent = typed(client, image)
    Image.objects.all().delete()
    assert client.post(f"{IMAGES}1/change/", sent).status_code == 404


# The focal point and the card


def with_files(actor: User, width: int = 1600, height: int = 1200) -> Image:
    """A blue image with a red right edge."""
    drawn = Picture.new("RGB", (width, height), "blue")
    drawn.paste("red", (width * 3 // 4, 0, width, height))
    content = io.BytesIO(uploads.encoded(drawn, "JPEG", quality=95))
    return add_image(upload=content, name="会談.jpg", actor=actor)


def card_of(image: Image, media: Path) -> Picture.Image:
    [name] = [name for name in image.files if ".card-" in name]
    return Picture.open(media / name)


def colour_at_the_right(image: Image, media: Path) -> str:
    with card_of(image, media) as card:
        red, _, blue = card.convert("RGB").resize((9, 1)).tobytes()[-3:]
    return "red" if red > blue else "blue"


def test_a_picture_gets_a_card_around_its_middle(writer: User, media: Path) -> None:
    image = with_files(writer)
    with card_of(image, media) as card:
        assert (card.size, card.format) == ((1200, 630), "JPEG")
    assert image.renditions.endswith(" card-1200x630-50-50.jpg")


def test_another_point_cuts_another_card_and_the_first_one_goes(writer: User, media: Path) -> None:
    image, client = with_files(writer, 1600, 400), client_of(writer)
    assert colour_at_the_right(image, media) == "blue"
    client.post(address(image), typed(client, image, focal_x=100))
    image.refresh_from_db()
    assert colour_at_the_right(image, media) == "red"
    kept = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert kept == set(image.files)


def test_two_who_choose_a_point_at_once_leave_one_card(writer: User, media: Path) -> None:
    image, client = with_files(writer), client_of(writer)
    sent = [typed(client, image, focal_x=x) for x in (10, 90)]
    for one in sent:
        client.post(address(image), one)
    image.refresh_from_db()
    kept = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert image.focal_x == 10
    assert kept == set(image.files)


def test_a_small_picture_has_no_card(writer: User) -> None:
    image = with_files(writer, 599, 599)
    assert "card" not in image.renditions
    assert "ほかのサイトでの見え方" not in read(client_of(writer), image)


def test_a_focal_point_is_saved_where_the_file_is_lost(writer: User) -> None:
    image, client = picture(), client_of(writer)
    assert client.post(address(image), typed(client, image, focal_x=1)).status_code == 302
    image.refresh_from_db()
    assert image.focal_x == 1


# Where it is used


def test_uses_link_to_the_screens_of_ones_own_pages_and_else_to_public_pages(
    site: Site, writer: User, outsider: User
) -> None:
    image = picture()
    show_in(in_force(site), image)
    show_in(start_draft(page=site.bureau, actor=writer), image)
    own = panel(read(client_of(writer), image), "uses")
    assert own.count(f"/admin/bureaus/page/{site.bureau.pk}/change/") == 2
    assert "第1版 公開中" in text_in(own)
    assert "第2版 下書き" in text_in(own)
    foreign = panel(read(client_of(outsider), image), "uses")
    assert f'href="{site.bureau.url_path}"' in foreign
    assert "（ほかの担当の、公開していないページ）" in text_in(foreign)


# Taking it out


def test_the_blockers_of_deletion_are_listed_beside_the_button(site: Site, writer: User) -> None:
    image = picture()
    show_in(in_force(site), image)
    removal = panel(read(client_of(writer), image), "removal")
    assert 'aria-disabled="true"' in removal
    for words in ("登録した本人と管理者だけ", "で使われています", "過去のページを読めるように"):
        assert words in text_in(removal)


def test_what_nobody_uses_is_deleted_after_a_question(writer: User, media: Path) -> None:
    image, client = with_files(writer), client_of(writer)
    assert "元に戻せません" in text_in(client.get(address(image, "delete")).content.decode())
    answer = client.post(address(image, "delete"), follow=True).content.decode()
    assert "画像「会談.jpg」を削除しました。" in text_in(answer)
    assert not Image.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert AuditEntry.objects.filter(action=Action.DELETE).count() == 1


def test_what_somebody_began_to_use_meanwhile_stays(site: Site, writer: User) -> None:
    image, client = picture(uploader=writer), client_of(writer)
    assert client.get(address(image, "delete")).status_code == 200
    show_in(in_force(site), image)
    response = client.post(address(image, "delete"))
    assert response.status_code == 409
    assert "で使われています" in text_in(response.content.decode())
    assert Image.objects.exists()


def test_deleting_twice_is_answered(writer: User) -> None:
    image, client = picture(uploader=writer), client_of(writer)
    assert client.post(address(image, "delete")).status_code == 302
    assert client.post(address(image, "delete")).status_code == 404


# What it costs


@pytest.mark.parametrize("person", ["writer", "approver", "operator"])
def test_the_screen_costs_the_same_at_any_size(
    request: pytest.FixtureRequest, site: Site, person: str
) -> None:
    image = picture(focal_x=1)
    show_in(in_force(site), image)
    client = client_of(request.getfixturevalue(person))
    few = queries_of(client, address(image))
    many(MANY, in_force(site), start=1)
    assert queries_of(client, address(image)) == few <= 10
