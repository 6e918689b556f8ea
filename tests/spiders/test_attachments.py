"""Visits to pages that carry their report as a file: it is fetched after the pages, kept, and asked for conditionally."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.model import LookOutcome
from crawler.store.tables import Capture
from tests.portals import Article, File, SimulatedPortals, World
from tests.spiders.visiting import Workshop, make_workshop
from tests.spiders.worlds import DAY, column, hanweb, trs

pytestmark = pytest.mark.integration

PDF = b"%PDF-1.4 \xe7\xa4\xba\xe4\xbe\x8b"  # the crawl does not look inside
CHANGED = b"%PDF-1.4 \xe7\xa4\xba\xe4\xbe\x8b 2"


def article(number: int, body: str, *files: File) -> Article:
    title = f"示例市第{number}局2023年政府信息公开工作年度报告"
    return Article(
        7000 + number, title, dt.date(2024, 1, number), f"<p>见附件。（虚构机构）{body}</p>" * 3, "示例局", files=files
    )


ARTICLES = (
    article(
        1,
        '<a href="./P01.pdf">报告全文</a>',
        File("P01.pdf", PDF, "application/pdf", ((dt.date(2024, 1, 27), CHANGED),)),
    ),
    article(
        2, '<a href="./P02.pdf">报告全文</a>', File("P02.pdf", b"<html><body>" + "请先登录".encode() * 30, "text/html")
    ),
    article(3, '<a href="http://127.0.0.9/elsewhere.pdf">报告全文</a>'),
    article(4, '<a href="./gone.pdf">报告全文</a>'),
    article(5, '<a href="./sqb.doc">依申请公开申请表</a>'),
)


@pytest.fixture(params=[trs, hanweb])
def visited(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Workshop, SimulatedPortals]]:
    path = "zwgk/nb" if request.param is trs else "123"
    site = request.param("papers", column(path, ARTICLES, page_size=50))
    with SimulatedPortals(World((site,)), DAY) as portals:
        workshop = make_workshop(tmp_path)
        workshop.configure(*portals)
        yield workshop, portals


def attached(workshop: Workshop, run: int) -> dict[str, Capture]:
    found = [capture for capture in workshop.captures("papers", run) if capture.kind == "attachment"]
    return {capture.url.rpartition("/")[2]: capture for capture in found}


def test_attachments(visited: tuple[Workshop, SimulatedPortals]) -> None:
    workshop, portals = visited
    assert workshop.visit().code == 0
    (run,) = workshop.runs("papers")
    (look,) = workshop.looks("papers")
    assert look.outcome == LookOutcome.HEALTHY.value  # list and pages were seen, whatever the files are
    found = attached(workshop, run.id)
    assert {name: capture.outcome for name, capture in found.items()} == {
        "P01.pdf": LookOutcome.HEALTHY.value,
        "P02.pdf": LookOutcome.SHELL.value,
        "elsewhere.pdf": LookOutcome.DENIED.value,
        "gone.pdf": LookOutcome.SOFT_404.value,
    }
    assert workshop.archive.get(found["P01.pdf"].sha256 or "") == PDF
    entries = {entry.id: entry.url for entry in workshop.entries("papers")}
    assert "7001" in entries[found["P01.pdf"].entry_id or 0]
    captures = workshop.captures("papers", run.id)
    assert [capture.kind for capture in captures][-len(found) :] == ["attachment"] * len(found)
    assert not any("sqb.doc" in request.path for request in portals["papers"].requests)


def test_an_unchanged_file_is_not_sent_again_and_a_replaced_one_is_a_new_content(
    visited: tuple[Workshop, SimulatedPortals],
) -> None:
    workshop, portals = visited
    workshop.visit("2024-01-25T09:00+08:00")
    before = len(portals["papers"].requests)
    workshop.visit("2024-01-26T09:00+08:00")
    (answered,) = [request for request in portals["papers"].requests[before:] if request.path.endswith("P01.pdf")]
    assert answered.status == 304
    portals.day = dt.date(2024, 1, 27)
    workshop.visit("2024-01-27T09:00+08:00")
    first, second, third = (attached(workshop, run.id)["P01.pdf"] for run in workshop.runs("papers"))
    assert (second.sha256, second.not_modified) == (first.sha256, True)
    assert workshop.archive.get(third.sha256 or "") == CHANGED
