"""A site on which officers have done everything that there is to do."""

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from bureaus import search
from bureaus.models import (
    Action,
    AuditEntry,
    Category,
    Edition,
    Figure,
    HouseWord,
    Kind,
    Link,
    Page,
    Role,
    SealKind,
)
from bureaus.models.events import Event
from bureaus.publishing import (
    ImportedPage,
    PlaceChange,
    ReleasePlan,
    SealRequest,
    accept_finding,
    add,
    add_document,
    add_image,
    answer,
    appoint,
    approve,
    approve_release,
    approve_urgently,
    cancel_booking,
    change_house_word,
    change_step,
    change_synonyms,
    comment,
    confirm,
    confirm_seal,
    delete_image,
    describe_document,
    discard,
    dismiss,
    edit,
    endorse,
    findings_report,
    import_pages,
    mark_page_reviewed,
    move,
    propose_seal,
    record_absence,
    refuse_seal,
    rename,
    reopen,
    replace_document,
    reschedule_release,
    resolve,
    return_,
    set_page_review_interval,
    share,
    start_draft,
    submit,
    tag_file,
    take_back,
    withdraw_seal,
)
from bureaus.publishing.actions.autosave import FormVersion, save_autosave
from bureaus.publishing.actions.tree import reorder
from bureaus.publishing.blockers.approval_steps import StepEntry
from tests.helpers.cast import OPENING, Site, officer, publish
from tests.helpers.editing import DATA, TOMORROW, drafted, submitted
from tests.helpers.libraries import paper, photograph


def officers_have_worked(site: Site) -> None:
    """By every action, with pictures and documents in the library, in pages and replaced."""
    writer = officer("鈴木", {site.bureau: [Role.WRITER]})
    approver = officer("佐藤", {site.bureau: [Role.APPROVER]})
    roles = {site.bureau: [Role.APPROVER, Role.WRITER], site.guide: [Role.WRITER]}
    second = officer("高橋", roles)
    operator = User.objects.create_superuser("田中", password="ひみつ-tanaka-2013")
    publish_with_files(site, writer, approver)
    seal_a_change_note(site, approver, second)
    urgent = drafted(site.sections[0], second, title="緊急")
    confirm(edition=approve_urgently(edition=urgent, actor=second, reason="災害"), actor=approver)
    booked = submitted(site.sections[1], writer)
    [booked] = approve(editions=[booked], actor=approver, at=timezone.now() + TOMORROW)
    [cancelled] = cancel_booking(edition=booked, actor=approver)
    discard(edition=drafted(site.news[0], writer), actor=writer)
    link = share(edition=cancelled, actor=writer)
    take_back(edition=cancelled, until=link.until, actor=writer)
    warned = drafted(site.sections[0], writer, lead="今秋、会合を開きます。")
    finding = next(each for each in findings_report(warned).findings if each.rule == "date-vague")
    given = {"rule": finding.rule, "quote": finding.quote}
    accept_finding(edition=warned, reason="引用のため", actor=writer, **given)
    form = FormVersion("0" * 32, warned.revision, 1)
    save_autosave(edition=warned, officer=writer, content={"title": "書きかけ"}, form=form)
    thread = comment(edition=warned, text="年を書いてください。", actor=approver).key
    answer(edition=warned, thread=thread, text="書きました。", actor=writer)
    resolve(edition=warned, thread=thread, actor=approver)
    reopen(edition=warned, thread=thread, actor=writer)
    change_the_tree(site, operator)
    mark_page_reviewed(page=site.guide, actor=operator)
    set_page_review_interval(page=site.guide, days=365, actor=operator)
    pass_a_step(site, writer, second, operator)
    change_house_word(entry=HouseWord(written="ホームページ", preferred="サイト"), actor=operator)
    change_synonyms(words="ICT\n情報通信技術", actor=operator)
    search.count_zero_result(["ムーミン"], timezone.localdate())
    assert set(AuditEntry.objects.values_list("action", flat=True)) == set(Action.values)


def pass_a_step(site: Site, writer: User, second: User, operator: User) -> None:
    entry = StepEntry(site.guide, "課の確認", 1, (second.username,), (operator.username,))
    change_step(page=site.guide, entry=entry, actor=operator)
    endorse(edition=submitted(site.guide, operator), actor=second, note="よいと思います。")
    today = timezone.localdate()
    days = {"first_day": today, "last_day": today + TOMORROW}
    record_absence(officer=second, actor=second, **days)


def seal_a_change_note(site: Site, approver: User, second: User) -> None:
    edition = site.bureau.editions.get(number=2)
    request = SealRequest(edition, SealKind.FIELD, field="change_note")
    proposal: dict[str, Any] = {
        "request": request,
        "ground": "personal",
        "reason": "氏名",
        "actor": approver,
    }
    refuse_seal(seal=propose_seal(**proposal), actor=second, note="氏名ではありません。")
    withdraw_seal(seal=propose_seal(**proposal), actor=approver)
    confirm_seal(seal=propose_seal(**proposal), actor=second)


def publish_with_files(site: Site, writer: User, approver: User) -> None:
    image = add_image(upload=photograph(), name="会談.jpg", actor=writer, credit="広報室")
    document = add_document(upload=paper(), name="方針.pdf", actor=writer, title="方針").document
    describe_document(document=document, actor=writer, title="運用の方針")
    tag_file(item=image, tags=["会談", "写真"], actor=writer)
    tag_file(item=document, tags=["方針"], actor=writer)
    delete_image(image=add_image(upload=photograph(), name="別.jpg", actor=writer), actor=writer)
    draft = start_draft(page=site.bureau, actor=writer)
    draft = edit(
        edition=draft,
        actor=writer,
        changes=DATA,
        revision=draft.revision,
        parts={
            Figure: [Figure(image=image, alt="握手する二人")],
            Link: [Link(document=document, text="運用の方針")],
        },
    )
    returned = return_(
        edition=submit(edition=draft, actor=writer), actor=approver, comment="直してください。"
    )
    approve(editions=[submit(edition=returned, actor=writer)], actor=approver)
    other = paper(pages=2)
    replace_document(document=document, upload=other, name="方針.pdf", actor=approver, note="改定")


def change_the_tree(site: Site, operator: User) -> None:
    added = add(parent=site.guide, kind=Kind.PAGE, slug="faq", title="よくある質問", actor=operator)
    move(page=site.sections[1], to=site.root, actor=operator)
    rename(page=site.bureau, slug="kokusai", actor=operator)
    change_the_order(site, operator)
    book_changes(site, operator)
    book_release(added, operator)
    import_pages_of_another_site(operator)
    name, role = "渡辺", Role.MANAGER
    appoint(name=name, role=role, page=site.root, actor=operator)
    appoint(name=name, role=role, page=added, actor=operator)
    dismiss(name=name, role=role, page=added, actor=operator)
    assert Edition.objects.filter(page=added).exists()


def import_pages_of_another_site(operator: User) -> None:
    page = ImportedPage(
        "/oshirase/", Kind.PAGE, Category.GENERAL, "お知らせ", OPENING, former=("/info.html",)
    )
    event = Event(Category.MEETING, OPENING, OPENING + TOMORROW, "省議室")
    meeting = ImportedPage(
        *("/kaigi/", Kind.NEWS_ITEM, Category.MEETING, "会議", OPENING),
        issued_on=OPENING.date(),
        event=event,
    )
    assert not import_pages(pages=[page, meeting], actor=operator).blocked


def change_the_order(site: Site, operator: User) -> None:
    other = publish(site.bureau, "tokei", "統計", kind=Kind.POLICY_SECTION)
    now = timezone.now()
    reorder(parent=site.bureau, children=[other, site.sections[0]], actor=operator)
    reorder(
        parent=site.bureau,
        children=[site.sections[0], other],
        actor=operator,
        at=now + TOMORROW,
    )


def book_changes(site: Site, operator: User) -> None:
    """Moves and renames from tomorrow on, one upon another; a page is added below them."""
    at = timezone.now() + 2 * TOMORROW
    rename(page=site.bureau, slug="tsushin", actor=operator, at=at)
    move(page=site.sections[0], to=site.root, actor=operator, at=at + TOMORROW)
    add(parent=site.bureau, kind=Kind.PAGE, slug="shinki", title="新規", actor=operator)


def book_release(page: Page, operator: User) -> None:
    """A release that renames `page`, a day later than was approved first."""
    at = timezone.now() + 5 * TOMORROW
    plan = ReleasePlan([], [PlaceChange(page, slug="shitsumon")], at)
    release = approve_release(plan=plan, actor=operator)
    reschedule_release(release=release, at=at + TOMORROW, actor=operator)
