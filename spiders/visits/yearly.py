"""Columns without a list: the address is the report, or holds one for each report year. Touches nothing.

Hanweb's xxgkAnnualReport.jsp?area=…&fbtime=2022 and Lonsun's public/column/7731?type=3&timeFrame=2022 answer 200
with an empty frame for a year without a report, so a report is told by the headings of its sections. The frame's menu
has the same words (依申请公开, 收费 …): what stands in links is left out.
"""

import datetime as dt
import re

from config.schema import Column, Holds
from crawler import health
from crawler.addresses import canonical
from crawler.attachments import attachments
from crawler.health import HEALTHY, Health
from crawler.model import LookOutcome
from crawler.page import Page, squeeze
from crawler.rendered import rendered
from crawler.reports.dates import SHANGHAI
from spiders.visits.answer import Answer

# Words of the six sections of 第五十条, two of which make a report; those of the older ones are everyday words, and
# three are asked for.
_SECTIONS = ("总体情况", "主动公开政府信息", "收到和处理政府信息公开申请", "行政复议", "存在的主要问题", "其他需要报告")
_OLD_SECTIONS = ("主动公开", "依申请公开", "收费", "存在的问题", "改进措施")
_TEXT = 200  # visible characters outside links below which nothing is a report
_META = ("articletitle",)


def addresses(column: Column, at: dt.datetime) -> tuple[str, ...]:
    """The addresses that a visit at `at` starts from: the column's own, or one for each report year, newest first.

    The year under way is asked for as well: some reports are published before it ends.
    """
    if column.holds is not Holds.YEARS:
        return (column.url,)
    this_year = at.astimezone(SHANGHAI).year
    years = range(max(this_year, column.first_year), column.first_year - 1, -1)
    return tuple(column.url.replace("{year}", str(year)) for year in years)


def read_report(answer: Answer, column: Column) -> tuple[Health, str]:
    """(health of the answer, title of the report on it; "" where it holds none).

    A page that carries documents may hold the report in one of them: what they say is read later.
    """
    found = answer.health
    moved = not health.same_page(answer.url, answer.final_url) and canonical(answer.url) != canonical(answer.final_url)
    if found.good and moved:
        found = Health(LookOutcome.MOVED, f"转到其他页面 {answer.final_url}")
    if found.good and not holds_report(answer.page) and not attachments(answer.page):
        built = rendered(answer.headers)
        doubt = built.doubt(empty=True) if built is not None else ""
        return (Health(LookOutcome.INCOMPLETE, doubt) if doubt else found), ""
    if not found.good:
        return found, ""
    return HEALTHY, title(answer.page) or column.name


def holds_report(page: Page) -> bool:
    """Whether the page's text, without its links, has sections of an annual report."""
    shown = page.visible
    if len(shown) < _TEXT or _named(shown) < 0:
        return False
    text = _unlinked(page)
    return len(text) >= _TEXT and _named(text) >= 0


def _named(text: str) -> int:
    """How many sections more than needed the text names; below nought too few."""
    return max(sum(word in text for word in _SECTIONS) - 2, sum(word in text for word in _OLD_SECTIONS) - 3)


def _unlinked(page: Page) -> str:
    """The page's visible characters outside links."""
    linked = {element for link in page.tree.iter("a") for element in link.iter()}
    parts = []
    for element in page.tree.iter():
        if element not in linked:
            parts.append(element.text or "")
        if element not in linked or element.tag == "a":
            parts.append(element.tail or "")
    return squeeze("".join(parts))


def title(page: Page) -> str:
    """The page's own title of the article: ArticleTitle, else the first heading, else <title>."""
    for meta in page.tree.iter("meta"):
        if (meta.get("name") or "").lower() in _META and (meta.get("content") or "").strip():
            return " ".join((meta.get("content") or "").split())
    for tag in ("h1", "h2", "title"):
        for element in page.tree.iter(tag):
            text = " ".join("".join(element.itertext()).split())
            if re.search("公开", squeeze(text)):
                return text
    return ""
