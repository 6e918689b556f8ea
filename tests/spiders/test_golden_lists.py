"""Golden list pages and answers: which family, which rows, which further pages, what they cannot prove.

tests/golden/lists/<family>-<case>.<html|json> are invented and set the traps that real ones set; the expectation
beside each is <name>.expected.json. The real pages in ../shared/pages are pinned as well, where that folder is.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from config.schema import Column, Portal
from crawler.page import Page
from spiders import FAMILIES
from spiders.lists.listing import Listing, Row
from spiders.signs import recognise, told

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "lists"
CASES = sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
URLS = {
    "trs": "http://www.example.org/zfxxgknb/",
    "nfcms": "http://www.example.org/zwgk/zfxxgknb/bm/2024n/",
    "ucap": "http://www.example.org/slt/c990634/zwgklist.shtml",
    "hanweb": "http://www.example.org/col/col123/index.html",
    "jpaas": "http://www.example.org/zfxxgk/nb/index.html",
    "gkmlpt": "http://www.example.org/sljj/gkmlpt/index#123",
    "lonsun": "http://www.example.org/public/column/990001?type=4&catId=456&action=list",
    "lonsun-answer": "http://www.example.org/zwgk/site/label/8888?labelName=publicInfoList&pageIndex=1",
    "lonsun-none": "http://www.example.org/zwgk/site/label/8888?labelName=publicInfoList&pageIndex=1",
    "boda": "http://www.example.org/xstz.htm",
    "truecms": "http://www.example.org/sqslj/nb/nb.html",
    "truecms-answer": "http://www.example.org/truecms/messageController/getMessage.do?startrecord=1&endrecord=50",
    "epoint": "http://www.example.org/dynamic/zwgk/govInfoPub.html?categorynum=003002&deptcode=",
    "epoint-names": "http://www.example.org/js/webBuilderCommon.js?v=20200630",
    "epoint-answer": "http://www.example.org/EWB-FRONT/rest/lightfrontaction/getgovinfolist",
    "general": "http://www.example.org/zwgk/class/10023.html",
}
NOBODY = "general"  # has no sign of its own: its pages are told to be nobody's
# The real pages: address, family, how one of their rows is written (address, title, date), how many there are, what
# the list cannot prove.
REAL: dict[str, tuple[str, str, str, int, str]] = {
    "trs-list-1.html": (
        "http://www.example.org/xxgk/xxgknb/",
        "trs",
        r'<a href="(\./\d{6}/t\d{8}_\d+\.html)">([^<]+)</a>\s*</td>\s*<td>\s*([\d-]+)\s*</td>',
        10,
        "",
    ),
    "trs-xxgkplatform-1.html": (
        "http://www.example.org/zfxxgkzn/",
        "trs",
        r'<li><a href="(http://[^"]+/gszbm/[^"]+)" class="c-font1"[^>]*>([^<]+)</a>()</li>',
        44,
        "下级栏目",
    ),
    "ucap-list-1.html": (
        "http://www.example.org/jyt/c110634/zwgklist.shtml",
        "ucap",
        r'<a target="_blank" href="(/jyt/c110634/\d{6}/\d+\.shtml)" title="([^"]+)">[^<]+</a>\s*<b>([\d-]+)</b>',
        20,
        "注释",
    ),
}


def listing_of(url: str, text: str, family: str) -> Listing:
    column = Column(key="reports", url=url, agencies=("a",))
    portal = Portal(slug="sim", name="示例门户", family=family, hosts=(url.split("/")[2],), columns=(column,), delay=2)
    return FAMILIES[family](portal).read_list(Page(url, text), column)


def plain(listing: Listing) -> dict[str, Any]:
    """The parts of a listing that say something."""
    found = json.loads(json.dumps(asdict(listing)))
    found["paging"] = {name: value for name, value in found["paging"].items() if value}
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_golden_lists(case: Path) -> None:
    """A case without expectation gets one written, and fails, to be looked at."""
    name = case.stem.partition("-")[0]
    url = URLS.get(case.stem) or URLS[name]
    text = case.read_text(encoding="utf-8")
    family = told(recognise(Page(url, text), FAMILIES))
    reader = family or (NOBODY if name == NOBODY else "")
    found = {"family": family, "listing": plain(listing_of(url, text, reader))} if reader else {"family": ""}
    expected = case.with_name(f"{case.stem}.expected.json")
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was written: look at it")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REAL)
def test_real_pages(name: str) -> None:
    """Told to be its family; exactly its rows, with full titles and dates."""
    if not (SHARED / name).exists():
        pytest.skip("../shared/pages is not here")
    url, family, written, count, reason = REAL[name]
    text = (SHARED / name).read_text(encoding="utf-8")
    assert told(recognise(Page(url, text), FAMILIES)) == family
    listing = listing_of(url, text, family)
    rows = [Row(urljoin(url, href), " ".join(title.split()), date) for href, title, date in re.findall(written, text)]
    assert len(rows) == count
    assert list(listing.rows) == rows
    assert (reason in listing.partial, bool(listing.partial)) == (True, bool(reason))
    assert not listing.problem
