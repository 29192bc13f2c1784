"""Two bureaus with the same in them, and every kind of officer and visitor."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from bureaus.models import (
    AuditEntry,
    Contact,
    Document,
    Edition,
    Figure,
    FileFinding,
    FormerAddress,
    Image,
    Kind,
    Link,
    Page,
    Role,
    Seal,
    SealKind,
)
from bureaus.models.placements import reread
from bureaus.publishing import (
    PlaceChange,
    ReleasePlan,
    approve,
    approve_release,
    edit,
    rename,
    return_,
    start_draft,
    submit,
)
from bureaus.uploads.storage import store
from tests.helpers.cast import Site, found_site, officer, place, publish

SECRETS = {"A": "あけてはならない甲の箱", "B": "あけてはならない乙の箱"}
SLUGS = {"A": "himitsu-ko", "B": "himitsu-otsu"}
PEOPLE = ("nobody", "ended", "staff", "writer", "approver", "manager", "outsider", "operator")
# What each may do in the branches A and B. `staff` is an officer without a branch.
ROLES: dict[str, dict[str, frozenset[Role]]] = {
    "staff": {},
    "writer": {"A": frozenset({Role.WRITER})},
    "approver": {"A": frozenset({Role.APPROVER})},
    "manager": {"A": frozenset({Role.MANAGER})},
    "outsider": {"B": frozenset(Role)},
    "operator": {"A": frozenset(Role), "B": frozenset(Role)},
}


@dataclass(frozen=True)
class Thing:
    """Something that an address is about; `is_public`: whether the public knows of it."""

    pk: int
    branch: str = ""
    is_public: bool = True
    name: str = ""
    file: str = ""  # of the library, below MEDIA_ROOT


@dataclass(frozen=True)
class World:
    site: Site
    people: dict[str, User]
    pages: dict[str, Thing]
    editions: dict[str, Thing]
    others: dict[str, list[Thing]]

    def things(self, kind: str) -> list[Thing]:
        if kind in {"page", "shortcut"}:
            return list(self.pages.values())
        if kind == "edition":
            return list(self.editions.values())
        return self.others.get(kind, [Thing(0)])


# The world


def found_world() -> World:
    """Two bureaus with the same in them: what is public, and what nobody else may know of."""
    site = found_site()
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    branches = {"A": site.bureau, "B": other}
    people = {
        name: officer(name, {branches[key]: list(roles) for key, roles in kept.items()})
        for name, kept in ROLES.items()
        if name != "operator"
    }
    people["operator"] = User.objects.create_superuser("operator", password="ひみつ-2013")
    people["ended"] = officer("ended", {site.bureau: list(Role)})
    User.objects.filter(username="ended").update(is_active=False)
    pages: dict[str, Thing] = {}
    editions: dict[str, Thing] = {}
    for key, bureau in branches.items():
        fill(key, bureau, pages, editions)
        renamed = publish(bureau, "old-name", "名前の変わるページ")
        rename(page=renamed, slug="new-name", actor=None)
        later = timezone.now() + timedelta(days=1)
        rename(page=renamed, slug=f"{SLUGS[key]}-later", actor=None, at=later)
        FormerAddress.objects.create(url_path=f"/old-site-{key.lower()}/", page=renamed)
    nodes, now = {key: reread(page).placement for key, page in branches.items()}, timezone.now()

    def of_branches(model: Any) -> list[Thing]:
        """The newest rows about each branch."""
        below = {key: Page.objects.in_branch(node, now).order_by() for key, node in nodes.items()}
        return [
            Thing(row.pk, key, name=str(model.__name__))
            for key, pages in below.items()
            for row in model.objects.filter(page__in=pages)[:3]
        ]

    images, documents = files(editions)
    others = {
        "release": [released(key, bureau) for key, bureau in branches.items()],
        "image": images,
        "document": documents,
        "filefinding": documents,
        "user": [Thing(user.pk) for user in people.values()],
        "group": [Thing(group.pk) for user in people.values() for group in user.groups.all()],
        "auditentry": of_branches(AuditEntry),
        "formeraddress": of_branches(FormerAddress),
        "seal": [proposed(key, bureau) for key, bureau in branches.items()],
    }
    return World(site, people, pages, editions, others)


def proposed(key: str, bureau: Page) -> Thing:
    """A proposal to seal the title of the bureau, of which its branch alone knows."""
    now = timezone.now()
    seal = Seal.objects.create(
        kind=SealKind.FIELD,
        page=bureau,
        number=1,
        field="title",
        ground="law",
        reason=SECRETS[key],
        decider="総務省",
        proposed_at=now,
        lapses_at=now + timedelta(days=1),
    )
    return Thing(seal.pk, key, is_public=False, name=SECRETS[key])


def released(key: str, bureau: Page) -> Thing:
    """Book an edition and a rename together: nothing that the public knows of."""
    page = publish(bureau, "together", "一緒に変わるページ")
    draft = start_draft(page=page, actor=None)
    words = dict.fromkeys(("title", "lead", "change_note"), SECRETS[key])
    draft = edit(edition=draft, actor=None, changes=words, revision=draft.revision)
    change = PlaceChange(page, slug=f"{SLUGS[key]}-together")
    at = timezone.now() + timedelta(days=1)
    plan = ReleasePlan([submit(edition=draft, actor=None)], [change], at)
    name = approve_release(plan=plan, actor=None, note=SECRETS[key])
    return Thing(draft.pk, key, is_public=False, name=name)


def files(editions: dict[str, Thing]) -> tuple[list[Thing], list[Thing]]:
    """Of each kind one that a public page of A shows, one of B's hidden draft, one of nobody."""
    images, documents = [], []
    for number, (name, edition, words) in enumerate(
        [
            ("public", editions["public A"], "公開の会談"),
            ("hidden", editions["hidden B"], SECRETS["B"]),
            ("unused", None, "使われていない"),
        ]
    ):
        is_public = name != "hidden"
        stem = SLUGS["B"] if not is_public else f"file{number}"
        image = stored_image(f"images/{stem}.jpg", words)
        document = stored_document(f"documents/{stem}.pdf", words)
        # With the key of the document, so that the address of its acceptance is known.
        FileFinding.objects.create(
            pk=document.pk,
            document=document,
            file=str(document.file),
            rule="metadata-person",
            place="プロパティ",
            words=words,
        )
        if edition is not None:
            show(edition.pk, image, document)
        branch = "A" if is_public else "B"
        images.append(Thing(image.pk, branch, is_public, name, str(image.file)))
        documents.append(Thing(document.pk, branch, is_public, name, document.address))
    return images, documents


def stored_image(file: str, words: str) -> Image:
    store(file, ContentFile(b"a picture"))
    fields = {"name": f"{words}.jpg", "credit": words, "default_alt": words}
    return Image.objects.create(file=file, width=40, height=30, byte_size=9, **fields)


def stored_document(file: str, words: str) -> Document:
    store(file, ContentFile(b"a document"))
    return Document.objects.create(file=file, name=f"{words}.pdf", title=words, byte_size=10)


def show(edition: int, image: Image, document: Document) -> None:
    Figure.objects.bulk_create([Figure(edition_id=edition, image=image, alt="会談", position=9)])
    Link.objects.bulk_create([Link(edition_id=edition, document=document, text="資料", position=9)])


def fill(key: str, bureau: Page, pages: dict[str, Thing], editions: dict[str, Thing]) -> None:
    author = officer(f"author-{key}", {bureau: [Role.WRITER, Role.APPROVER]})
    secret = SECRETS[key]

    def page(name: str, *, is_public: bool = True) -> Page:
        if not is_public:
            made = place(bureau, SLUGS[key])
        else:
            made = publish(bureau, name, "公開のページ", lead="公開の要旨")
        pages[f"{name} {key}"] = Thing(made.pk, key, is_public, name)
        return made

    def draft(name: str, *, is_public: bool = True) -> Edition:
        begun = start_draft(page=page(name, is_public=is_public), actor=author, note=secret)
        words = dict.fromkeys(("title", "lead", "note", "change_note", "title_reading"), secret)
        return edit(
            edition=begun,
            actor=author,
            changes={**words, "body": f"<p>{secret}</p>"},
            parts={Contact: [Contact(name=secret)]},
            revision=begun.revision,
        )

    def keep(name: str, edition: Edition, *, is_public: bool = False) -> None:
        editions[f"{name} {key}"] = Thing(edition.pk, key, is_public, name)

    keep("public", Edition.objects.get(page=page("public")), is_public=True)
    keep("draft", draft("draft"))
    keep("review", submit(edition=draft("review"), actor=author, note=secret))
    tomorrow = timezone.now() + timedelta(days=1)
    waiting = submit(edition=draft("booked"), actor=author)
    keep("booked", approve(editions=[waiting], actor=None, at=tomorrow, note=secret)[0])
    waiting = submit(edition=draft("returned"), actor=author)
    keep("returned", return_(edition=waiting, actor=None, comment=secret))
    keep("hidden", draft("hidden", is_public=False))
