"""
The check of the whole site.

14 queries, then plain Python: about half a second for 5,000 pages, where treebeard's find_problems
takes 2 queries a node.
"""

from collections.abc import Iterator, Mapping

from bureaus import search
from bureaus.integrity.editions import (
    edition_problems,
    listing_problems,
    read_versions,
    visibility_problems,
)
from bureaus.integrity.problem import Problem
from bureaus.integrity.seals import seal_problems
from bureaus.integrity.tree import position_problems, read_tree, tree_problems
from bureaus.models import Edition, Figure, FileFinding, FormerAddress, ReadabilityReport
from bureaus.models.addresses import is_former_path


def problems() -> list[Problem]:
    """Return every inconsistency of the site at any moment. 14 or 15 queries, more for seals."""
    tree, versions = read_tree(), read_versions()
    former = dict(FormerAddress.objects.values_list("url_path", "page"))
    return [
        *tree_problems(tree),
        *position_problems(tree),
        *edition_problems(tree, versions),
        *visibility_problems(tree, versions, frozenset(former.values())),
        *listing_problems(tree),
        *former_problems(former),
        *figure_problems(tree.addresses),
        *search_problems(tree.addresses),
        *seal_problems(tree.addresses),
        *file_finding_problems(),
    ]


def file_finding_problems() -> Iterator[Problem]:
    """Findings and reports of files that no longer exist: the version before knows no others."""
    findings = FileFinding.of_any_file.exclude(pk__in=FileFinding.objects.values("pk"))
    reports = ReadabilityReport.of_any_file.exclude(pk__in=ReadabilityReport.objects.values("pk"))
    keys = [rows.order_by().values_list("pk") for rows in (findings, reports)]
    count = keys[0].union(keys[1], all=True).count()
    if count:
        yield Problem(
            "/",
            f"いまはないファイルへの指摘が{count}件残っています。"
            "examine_documents を実行してください。",
        )


def figure_problems(addresses: Mapping[int, str]) -> Iterator[Problem]:
    """A public figure has an alternative text or is marked as decoration (JIS X 8341-3, 1.1.1)."""
    without_alt = Figure.objects.filter(
        alt="", is_decorative=False, edition__live_from__isnull=False
    )
    for page, position in without_alt.values_list("edition__page", "position"):
        yield Problem(
            addresses[page], f"{position}番目の図に、代替テキストも「装飾」の印もありません。"
        )


INDEX_FAULTS_LISTED = 50  # more are one sentence
SENTENCES = {
    search.MISSING: "第{}版が、検索の索引にありません。",
    search.SURPLUS: "第{}版は承認済みではないのに、検索の索引にあります。",
    search.STALE: "第{}版の検索の索引が、いまの内容と合いません。",
}


def search_problems(addresses: Mapping[int, str]) -> Iterator[Problem]:
    faults = {fault.edition: fault.what for fault in search.index_faults()}
    if len(faults) > INDEX_FAULTS_LISTED:
        yield Problem(
            "/",
            f"検索の索引が{len(faults)}版で内容と合いません。rebuild_search を実行してください。",
        )
        return
    if not faults:
        return
    editions = Edition.objects.filter(pk__in=faults).values_list("pk", "page", "number")
    for pk, page, number in editions:
        yield Problem(
            addresses[page],
            f"{SENTENCES[faults[pk]].format(number)}rebuild_search を実行してください。",
        )


def former_problems(former: Mapping[str, int]) -> Iterator[Problem]:
    for url_path in former:
        if not is_former_path(url_path):
            yield Problem(url_path, "旧アドレスの形が正しくありません。")
