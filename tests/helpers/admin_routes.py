"""
Every address below /admin/, who may open it, and who may send something to it: one table.

The rules by which its rows answer are those of admin_statuses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, URLPattern, URLResolver, resolve, reverse

from bureaus.models import Action, Page
from tests.helpers.admin_statuses import (
    Rule,
    adders,
    adders_send,
    app_lists,
    asked_again,
    either,
    everyone,
    file_asked_again,
    form_for,
    in_the_tree,
    managers,
    managers_send,
    may,
    may_with_file,
    moved,
    never,
    no_choice,
    no_such_method,
    not_sent,
    nowhere,
    of_own_branch,
    officers,
    operators,
    own_copy,
    own_list,
    own_record,
    sent_in_own_branch,
    sent_on,
    several,
    who_knows_the_file,
    who_sees,
    writers_send,
)
from tests.helpers.admin_world import Thing, World

ROOT = "/admin/"
HOUSE_WORD = {"written": "ホームページ", "preferred": "ウェブサイト", "do": "save"}
SYNONYMS = {"words": "地デジ\n地上デジタル放送", "do": "save"}


@dataclass(frozen=True)
class Route:
    """
    `get` and `post` say who gets which answer; `words` are further parts of the address.

    `sends` is the kind of thing that is named in what is sent, and not in the address.
    `is_ours`: a screen of the officers that stands in the place of one of Django's.
    """

    kind: str = ""
    get: Rule = no_such_method
    post: Rule = no_such_method
    words: tuple[Any, ...] = ()
    query: str = ""
    sends: str = ""
    is_ours: bool = False
    is_file: bool = False  # the address names the stored file, and not the record
    data: Callable[[World, Thing], dict[str, Any]] = lambda _world, _thing: {}


def things(world: World, route: Route) -> list[Thing]:
    return world.things(route.kind or route.sends)


def page_of(world: World, thing: Thing) -> dict[str, Any]:
    del world
    return {
        "page": thing.pk,
        "action": "approve",
        "decision": "approve",
        "role": "writer",
        "name": "author-A",
    }


def of_action(action: str, *actions: Action) -> Route:
    return Route("edition", get=asked_again, post=may(*actions), words=(action,))


def djangos(model: str, *, is_ours: bool = False) -> dict[str, Route]:
    """A model to look at, which nobody changes there."""
    kind = model.partition("_")[2]
    routes = {
        f"{model}_changelist": Route(get=own_list, post=own_list),
        f"{model}_add": Route(get=never, post=never),
        f"{model}_history": Route(kind, get=own_record, post=own_record),
        f"{model}_delete": Route(kind, get=never, post=never),
        f"{model}_change": Route(kind, get=own_record, post=not_sent),
    }
    for name in ("changelist", "change") if is_ours else ():
        del routes[f"{model}_{name}"]
    return routes


ANY_ACTION_OF_AN_EDITION = (
    Action.APPROVE,
    Action.APPROVE_URGENTLY,
    Action.RETURN,
    Action.CONFIRM,
    Action.CANCEL_BOOKING,
)
ROUTES: dict[str, Route | list[Route]] = {
    # Django's
    "index": Route(get=everyone, post=either),
    "login": Route(get=sent_on, post=either),
    "logout": Route(post=either),
    "password_change": Route(get=everyone, post=everyone),
    "password_change_done": Route(get=everyone),
    "autocomplete": Route(
        get=no_choice, query="?app_label=bureaus&model_name=edition&field_name=page&term=x"
    ),
    "jsi18n": Route(get=everyone),
    "view_on_site": Route("shortcut", get=operators, post=operators),
    "app_list": Route(get=app_lists, post=app_lists, words=("bureaus",)),
    **djangos("bureaus_page", is_ours=True),
    **djangos("bureaus_edition", is_ours=True),
    **djangos("bureaus_formeraddress"),
    **djangos("bureaus_auditentry"),
    "auth_group_changelist": Route(get=operators, post=operators),
    "auth_group_add": Route(get=never, post=never),
    "auth_group_history": Route("group", get=operators, post=operators),
    "auth_group_delete": Route("group", get=never, post=never),
    "auth_group_change": Route("group", get=operators, post=never),
    "auth_user_changelist": Route(get=operators, post=operators),
    "auth_user_history": Route("user", get=operators, post=operators),
    "auth_user_delete": Route("user", get=never, post=never),
    "auth_user_add": Route(get=operators, post=operators),
    "auth_user_change": Route("user", get=operators, post=operators),
    "auth_user_password_change": Route("user", get=operators, post=operators),
    "bureaus_edition_changelist": Route(get=own_list, post=own_list),
    # The login's
    "second-factor:code": Route(get=sent_on, post=sent_on),
    "second-factor:set-up": Route(get=everyone, post=everyone),
    "second-factor:backup-codes": Route(post=sent_on),
    "second-factor:authenticator": Route(get=sent_on, post=sent_on),
    "second-factor:removal": Route(post=sent_on),
    # The officers' libraries
    "bureaus_image_changelist": Route(get=officers, post=no_such_method),
    "bureaus_document_changelist": Route(get=officers, post=no_such_method),
    "image-upload": Route(get=sent_on, post=writers_send),
    "document-upload": Route(get=sent_on, post=writers_send),
    "bureaus_image_change": Route(
        "image", get=who_knows_the_file, post=may_with_file(Action.DESCRIBE)
    ),
    "bureaus_document_change": Route(
        "document", get=who_knows_the_file, post=may_with_file(Action.DESCRIBE)
    ),
    "document-replace": Route("document", get=file_asked_again, post=may_with_file(Action.REPLACE)),
    "image-name": Route(
        "image", post=may_with_file(Action.DESCRIBE), data=lambda _world, _thing: {"name": "図"}
    ),
    "image-tags": Route(post=sent_on),
    "document-tags": Route(post=sent_on),
    "image-delete": Route("image", get=who_knows_the_file, post=may_with_file(Action.DELETE)),
    "document-delete": Route("document", get=who_knows_the_file, post=may_with_file(Action.DELETE)),
    "library-image": Route("image", get=who_knows_the_file, post=who_knows_the_file, is_file=True),
    "library-document": Route(
        "document", get=who_knows_the_file, post=who_knows_the_file, is_file=True
    ),
    # The officers'
    "unrevised": Route(get=everyone),
    "audit-entries-moved": Route(get=moved, post=moved),
    "guide": Route(get=everyone),
    # The synonyms are the whole site's: of the people of two bureaus, nobody may change them.
    # tests/admin/test_approval_steps.py sends more.
    "approval-steps": Route(
        get=everyone, post=either, data=lambda _world, _thing: {"do": "present"}
    ),
    "words": Route(get=everyone, post=operators, data=lambda _world, _thing: SYNONYMS),
    "house-words": Route(get=everyone, post=operators, data=lambda _world, _thing: HOUSE_WORD),
    "link-report": Route(get=everyone),
    "notices": Route(get=everyone, post=either),
    "people": Route(get=managers, post=managers_send),
    "people-dismiss": Route(post=managers_send, sends="page", data=page_of),
    "bureaus_page_changelist": Route(get=everyone, post=either, is_ours=True),
    "bureaus_page_change": Route("page", get=who_sees, post=no_such_method, is_ours=True),
    "page-move": Route("page", get=form_for(Action.MOVE), post=may(Action.MOVE)),
    "page-add": Route("page", get=form_for(Action.ADD), post=may(Action.ADD)),
    "page-new": Route(get=adders, post=adders_send),
    "page-edit-links": Route(get=everyone, query="?path=/"),
    "page-proposed-slug": Route(get=nowhere),
    "page-rename": Route("page", get=form_for(Action.RENAME), post=may(Action.RENAME)),
    "page-reorder": Route("page", get=form_for(Action.REORDER), post=may(Action.REORDER)),
    "page-cancel-change": Route(
        "page", get=form_for(Action.MOVE), post=may(Action.MOVE), words=("0" * 32,)
    ),
    "page-reviewed": Route("page", post=may(Action.REVIEW)),
    "page-review-interval": Route(
        "page",
        post=may(Action.REVIEW_INTERVAL),
        data=lambda _world, _thing: {"days": "182"},
    ),
    "page-rows": Route("page", get=in_the_tree, post=in_the_tree),
    "page-draft": Route("page", post=may(Action.START_DRAFT)),
    "page-compare": Route("page", get=who_sees),
    "page-search": Route(get=everyone, query="?q=himitsu"),
    "file-search": Route(get=everyone, query="?of=document"),
    "bureaus_edition_change": Route("edition", get=who_sees, post=may(Action.EDIT), is_ours=True),
    "edition-action": [
        of_action("submit", Action.SUBMIT),
        of_action("recall", Action.RETURN),
        of_action("cancel-booking", Action.CANCEL_BOOKING),
        of_action("discard", Action.DISCARD),
    ],
    "edition-preview": Route("edition", get=who_sees),
    "edition-preview-typed": Route("edition", get=asked_again, post=may(Action.EDIT)),
    "edition-findings": Route("edition", get=asked_again, post=may(Action.EDIT)),
    "edition-accept": Route("edition", get=form_for(Action.ACCEPT), post=may(Action.ACCEPT)),
    "edition-view": Route("edition", get=who_sees),
    "edition-autosave": Route("edition", get=asked_again, post=may(Action.EDIT)),
    # All who have a copy of their own may discard it.
    "edition-autosave-discard": Route("edition", get=asked_again, post=own_copy),
    "edition-comments": Route("edition", get=who_sees, post=may(Action.COMMENT)),
    "edition-share": Route("edition", post=may(Action.SHARE)),
    "edition-unshare": Route("edition", post=may(Action.UNSHARE)),
    "edition-review": Route("edition", get=who_sees, post=may(*ANY_ACTION_OF_AN_EDITION)),
    "edition-end-below": Route("edition", get=who_sees, post=may(Action.START_DRAFT)),
    "edition-seal": Route("edition", get=who_sees, post=may(Action.PROPOSE_SEAL)),
    "document-accept": Route(
        "filefinding", get=who_knows_the_file, post=may_with_file(Action.ACCEPT)
    ),
    "document-seal": Route(
        "document", get=who_knows_the_file, post=may_with_file(Action.PROPOSE_SEAL)
    ),
    "image-seal": Route("image", get=who_knows_the_file, post=may_with_file(Action.PROPOSE_SEAL)),
    "note-seal": Route("auditentry", get=of_own_branch, post=sent_in_own_branch),
    "seals": Route(get=everyone),
    "seal": Route("seal", get=who_sees, post=may(Action.SEAL)),
    "release": Route(get=several, post=several),
    "booked-release": Route(
        "release",
        get=who_sees,
        post=may(Action.CANCEL_BOOKING),
        data=lambda _world, _thing: {"decision": "cancel"},
    ),
    # Nothing is chosen here: tests/admin/test_bulk_screens.py chooses.
    "pages-move": Route(get=either, post=either),
    "pages-end": Route(get=either, post=either),
    "bulk-action": Route(post=either, sends="page", data=page_of),
}
# Addresses without a name: the old form of a record's address, and whatever is nowhere.
UNNAMED: dict[str, Rule] = {"<path:object_id>/": sent_on, "(?P<url>.*)$": nowhere}


def rows(name: str) -> list[Route]:
    found = ROUTES[name]
    return found if isinstance(found, list) else [found]


def full_name(name: str) -> str:
    return name if ":" in name else f"admin:{name}"


def address_of(name: str, route: Route, thing: Thing) -> str:
    words = [*([thing.pk] if route.kind else []), *route.words]
    if route.kind == "release":
        words = [thing.name or "0" * 29]
    if route.kind == "filefinding":
        words = [thing.pk, thing.pk]
    if route.is_file:
        words = [thing.file.removeprefix("documents/") or "x"]
    if route.kind == "shortcut":
        words = [ContentType.objects.get_for_model(Page).pk, thing.pk]
    return reverse(full_name(name), args=words) + route.query


def is_built(name: str) -> bool:
    """Whether there is such an address, and it is not Django's page in the place of ours."""
    try:
        address = address_of(name, rows(name)[0], Thing(1))
    except NoReverseMatch:
        return False
    is_djangos = hasattr(resolve(address.partition("?")[0]).func, "model_admin")
    return not (rows(name)[0].is_ours and is_djangos)


def found_names() -> tuple[set[str], set[str]]:
    """The names of all patterns below /admin/, and the patterns that have none."""
    named, unnamed = set(), set()

    def look(patterns: list[Any], namespace: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                look(pattern.url_patterns, namespace)
            elif isinstance(pattern, URLPattern) and pattern.name:
                named.add(f"{namespace}{pattern.name}")
            else:
                unnamed.add(str(pattern.pattern))

    from bureaus.login.urls import urlpatterns as of_login

    look(list(admin.site.urls[0]), "")
    look(list(of_login), "second-factor:")
    return named, unnamed
