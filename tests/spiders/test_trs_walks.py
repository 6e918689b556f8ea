"""Whole TRS columns in all their dialects: every row with its full title and date, and what a list cannot prove."""

import datetime as dt
from typing import Any

import pytest

from crawler.model import LookOutcome
from tests.portals import Column
from tests.spiders.walking import published, walk
from tests.spiders.worlds import DAY, REPORTS, column, trs

DIALECTS: tuple[dict[str, Any], ...] = (
    {},
    {"pager": "createPageHTML", "suffix": "shtml"},
    {"pager": "hunan", "suffix": "htm"},
    {"pager": "shanghai", "plain": True},
    {"suffix": "htm", "charset": "gb2312"},
    {"shape": "table"},
    {"shape": "table", "plain": True, "suffix": "shtml", "pager": "createPageHTML"},
    {"shape": "p", "dates": "b"},
)


@pytest.mark.parametrize("options", DIALECTS, ids=lambda options: " ".join(map(str, options.values())) or "default")
def test_every_dialect_is_read_to_its_end(options: dict[str, Any]) -> None:
    site = trs("sim", column("zwgk/nb", **options))
    walked = walk(site, DAY)
    assert walked.health.good, walked.health
    assert len(walked.entries) == 14
    assert walked.rows() == published(site, DAY)


def test_cut_titles_keep_their_dots_and_every_entry() -> None:
    site = trs("sim", column("zwgk/nb", titles="cut"))
    walked = walk(site, DAY)
    assert {entry.url for entry in walked.entries} == {url for url, _, _ in published(site, DAY)}
    cut = [entry for entry in walked.entries if entry.title.endswith("…") and "图解" not in entry.title]
    assert len(cut) == 12
    assert {entry.verdict for entry in cut} <= {"unsure", "report"}  # their pages are fetched, and state the title


@pytest.mark.parametrize("missing", ["index_1.html", "index_2.html"])
def test_a_list_page_that_is_missing_makes_the_look_incomplete(missing: str) -> None:
    walked = walk(trs("sim", column("zwgk/nb")), DAY, without=[f"/zwgk/nb/{missing}"])
    assert walked.health.outcome is LookOutcome.INCOMPLETE
    assert "不存在" in walked.health.reason


def test_yearly_sub_columns_with_codes_that_nobody_can_guess() -> None:
    articles = REPORTS + tuple(
        type(a)(a.number + 100, a.title.replace("2023", "2022"), dt.date(2023, 1, a.published.day), a.body, a.issuer)
        for a in REPORTS
    )
    site = trs("sim", column("zwgk/nb", articles, years=True))
    walked = walk(site, DAY, branches=["years"])
    assert walked.health.good, walked.health
    assert walked.rows() == published(site, DAY)
    assert len(walked.entries) == 24


def test_yearly_sub_columns_that_are_not_named_prove_nothing() -> None:
    walked = walk(trs("sim", column("zwgk/nb", years=True)), DAY)
    assert walked.health.outcome is LookOutcome.INCOMPLETE
    assert "branches" in walked.health.reason


def test_a_system_that_publishes_its_newest_pages_only() -> None:
    site = trs("sim", column("zwgk/nb", cap=2))
    walked = walk(site, DAY)
    assert len(walked.entries) == 10
    assert walked.health.outcome is LookOutcome.INCOMPLETE
    assert walked.health.reason == "页面说共 14 条，只发布了 2 页 10 条，更早的看不到"


def test_claimed_pages_that_do_not_exist() -> None:
    walked = walk(trs("sim", column("zwgk/nb", pager="shanghai", claimed=2)), DAY)
    assert len(walked.entries) == 14  # what is listed stands
    assert walked.health.outcome is LookOutcome.INCOMPLETE
    assert walked.health.reason == "页面说共 5 页，第 4 页起不存在，最早的条目看不到"


def test_an_empty_column_says_so_in_every_shape() -> None:
    for shape in ("li", "table", "p"):
        walked = walk(trs("sim", Column("zwgk/nb", REPORTS, options={"shape": shape})), dt.date(2023, 12, 31))
        assert walked.health.good
        assert walked.said_empty
        assert not walked.entries
