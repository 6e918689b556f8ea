"""Whole TRS columns in all their dialects: every row with its full title and date, and what a list cannot prove."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from crawler.model import LookOutcome
from crawler.titles import judge_title
from tests.spiders.offline import published, simulated, walk
from tests.spiders.worlds import REPORTS

DIALECTS: tuple[dict[str, Any], ...] = (
    {},
    {"pager": "createPageHTML", "suffix": "shtml"},
    {"pager": "hunan", "suffix": "htm"},
    {"pager": "shanghai", "plain": True, "suffix": "shtml"},
    {"suffix": "htm", "charset": "gb2312"},
    {"shape": "table"},
    {"shape": "table", "plain": True, "suffix": "shtml", "pager": "createPageHTML"},
    {"shape": "p", "dates": "b"},
)


@pytest.mark.parametrize("options", DIALECTS, ids=lambda options: " ".join(map(str, options.values())) or "default")
def test_every_dialect_is_read_to_its_end(options: dict[str, Any]) -> None:
    site = simulated("trs", **options)
    walked = walk(site)
    assert walked.complete, walked.found
    assert len(walked.rows) == 14
    assert set(walked.rows) == published(site)


def test_cut_titles_keep_their_dots_and_every_entry() -> None:
    site = simulated("trs", titles="cut")
    walked = walk(site)
    assert {url for url, _, _ in walked.rows} == {url for url, _, _ in published(site)}
    cut = [title for _, title, _ in walked.rows if title.endswith("…") and "图解" not in title]
    assert len(cut) == 12
    assert {judge_title(title)[0] for title in cut} <= {"unsure", "report"}  # their pages are fetched, and state it


@pytest.mark.parametrize("missing", ["index_1.html", "index_2.html"])
def test_a_list_page_that_is_missing_makes_the_look_incomplete(missing: str) -> None:
    walked = walk(simulated("trs"), without=[f"/zwgk/nb/{missing}"])
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "不存在" in walked.found.reason


def test_yearly_sub_columns_with_codes_that_nobody_can_guess() -> None:
    articles = REPORTS + tuple(
        replace(a, number=a.number + 100, published=a.published.replace(year=2023)) for a in REPORTS
    )
    site = simulated("trs", articles, years=True)
    walked = walk(site, branches=["years"])
    assert walked.complete, walked.found
    assert set(walked.rows) == published(site)
    assert len(walked.rows) == 24


def test_a_sub_column_that_cannot_be_read_to_its_end_does_not_hide_the_others() -> None:
    articles = REPORTS + tuple(
        replace(a, number=a.number + 100, published=a.published.replace(year=2023)) for a in REPORTS
    )
    walked = walk(simulated("trs", articles, years=True, cap=2), branches=["years"])
    assert len(walked.rows) == 20  # ten of each year
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "更早的看不到" in walked.found.reason


def test_yearly_sub_columns_that_are_not_named_prove_nothing() -> None:
    walked = walk(simulated("trs", years=True))
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert "branches" in walked.found.reason


def test_a_system_that_publishes_its_newest_pages_only() -> None:
    site = simulated("trs", cap=2)
    walked = walk(site)
    assert len(walked.rows) == 10
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert walked.found.reason == "页面说共 14 条，只发布了 2 页 10 条，更早的看不到"


def test_claimed_pages_that_do_not_exist() -> None:
    walked = walk(simulated("trs", pager="shanghai", claimed=2))
    assert len(walked.rows) == 14  # what is listed stands
    assert walked.found.outcome is LookOutcome.INCOMPLETE
    assert walked.found.reason == "页面说共 5 页，第 4 页起不存在，最早的条目看不到"


def test_an_empty_column_says_so_in_every_shape() -> None:
    for shape in ("li", "table", "p"):
        walked = walk(simulated("trs", shape=shape), dt.date(2023, 12, 31))
        assert walked.complete
        assert walked.said_empty
        assert not walked.rows
