"""Two versions of a report side by side: what is compared, what is refused, and the text line by line."""

import datetime as dt
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from config.schema import Agency, AgencyKind
from crawler.model import Cell, Document, Paragraph, Table
from crawler.store.session import open_store
from crawler.store.tables import Capture, Entry, FactRow, Filing, Reading, Run
from monitor.context import Context
from monitor.status.views.diff import diff_page
from monitor.status.views.text_diff import MOST_COMPARED, Row, line_diff, lines_of
from tests.monitor.status.test_report_page import AFFAIRS, change_of, soup, text_of

AT = dt.datetime(2025, 1, 20, tzinfo=dt.UTC)
URL = "http://127.0.0.1:9/1.html"
AGENCY = Agency(
    id="shili-ceshi",
    name="示例市测试局",
    region_code="990100",
    region="示例省示例市",
    kind=AgencyKind.DEPARTMENT,
    invented=True,
)


def identity(name: str, codes: tuple[str, str, str], *, holds: bool, certain: bool = True) -> dict[str, Any]:
    return {
        "identity": name,
        "description": name,
        "left_codes": list(codes[:2]),
        "right_codes": list(codes[2:]),
        "left": "1",
        "right": "1",
        "holds": holds,
        "certain": certain,
    }


def content(session: Session, number: int, extractor: str, cells: dict[str, Any], identities: list[Any]) -> None:
    """Capture `number` of the one address, with a content of its own that one version of the reader read."""
    sha256 = f"{number:064x}"
    session.add(
        Capture(
            id=number,
            run_id=1,
            entry_id=1,
            portal="sim",
            column="nb",
            kind="detail",
            url=URL,
            final_url=URL,
            fetched_at=AT + dt.timedelta(days=number),
            status=200,
            outcome="healthy",
            sha256=sha256,
            size=1,
        )
    )
    reading = Reading(
        id=number,
        sha256=sha256,
        extractor=extractor,
        read_at=AT,
        is_report=True,
        year=2024,
        template="2021",
        details={"identities": identities, "cells": f"digest {number}"},
    )
    session.add(reading)
    session.flush()
    for code, value in cells.items():
        number_, certain = value if isinstance(value, tuple) else (value, True)
        state = "number" if number_ is not None else "blank"
        session.add(
            FactRow(
                reading_id=number,
                code=code,
                state=state,
                value=None if number_ is None else Decimal(number_),
                unit="件",
                raw=str(number_ or ""),
                place={"block": 3, "table": 1, "row": 2, "column": 3},
                certain=certain,
            )
        )
    session.add(
        Filing(
            entry_id=1,
            reading_id=number,
            capture_id=number,
            decision="filed",
            agency_id=AGENCY.id,
            year=2024,
            evidence={},
        )
    )


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    sessions = open_store(f"sqlite:///{tmp_path / 'gongkai.db'}", create=True)
    codes = [f"review.{name}" for name in ("upheld", "corrected", "other", "pending", "total")]
    first = (codes[0], codes[1], codes[4])
    second = (codes[2], codes[3], codes[4])
    with sessions() as session:
        session.add(Run(id=1, portal="sim", started_at=AT, outcome="finished"))
        session.add(Entry(id=1, portal="sim", column="nb", url=URL))
        session.flush()
        sums = [identity("mends", first, holds=False), identity("breaks", second, holds=True)]
        turned = [identity("mends", first, holds=True), identity("breaks", second, holds=False)]
        old = {codes[0]: 1, codes[2]: 2, "litigation.upheld": 7, "litigation.other": (5, False), "litigation.total": 3}
        new = {
            codes[0]: 4,
            codes[2]: 9,
            "litigation.upheld": 8,
            "litigation.other": (6, True),
            "litigation.total": None,
        }
        content(session, 1, "8", old, sums)
        content(session, 2, "8", new, turned)
        content(session, 3, "9", new, turned)
        session.commit()
        yield session


def test_cells_are_mended_broken_or_other_and_uncertain_ones_are_marked(session: Session) -> None:
    page = diff_page(session, AGENCY, 2024, 1, 2)
    assert page is not None and page.extractor == "8"
    cells = {cell.code: cell for cell in page.cells}
    assert {code: cell.effect for code, cell in cells.items()} == {
        "review.upheld": "mended",
        "review.other": "broke",
        "litigation.upheld": "other",
        "litigation.other": "other",
        "litigation.total": "other",
    }
    assert [code for code, cell in cells.items() if cell.in_doubt] == ["litigation.other"]
    assert (cells["review.upheld"].before.number, cells["review.upheld"].after.number) == ("1", "4")
    assert cells["litigation.total"].after.number == ""  # a blank is no nought
    assert cells["review.upheld"].after.spot == "table=1&row=2&column=3"
    assert page.difference is not None
    assert {turned["effect"] for turned in page.difference.sums} == {"mended", "broke"}


def test_what_two_readers_read_is_not_called_a_change(session: Session) -> None:
    page = diff_page(session, AGENCY, 2024, 2, 3)
    assert page is not None
    assert (page.extractor, page.cells, page.difference) == ("", (), None)
    assert (page.before.extractors, page.after.extractors) == (("8",), ("9",))


def test_only_captures_of_the_report_are_compared(session: Session) -> None:
    assert diff_page(session, AGENCY, 2023, 1, 2) is None
    assert diff_page(session, AGENCY.model_copy(update={"id": "shili-other"}), 2024, 1, 2) is None
    assert diff_page(session, AGENCY, 2024, 1, 99) is None
    assert diff_page(session, AGENCY, 2024, 2, 1) is None


def test_the_page_shows_cells_and_text(app: FastAPI, seeded: Context) -> None:
    change = change_of(seeded, AFFAIRS, "numbers")
    path = f"/agency/{AFFAIRS}/2024/diff/{change.before_capture}/{change.after_capture}"
    page = soup(app, path)
    rows = [text_of(row) for row in page.select(".changes tbody tr")]
    assert len(rows) == 6
    assert any("予以公开" in row and "31" in row and "29" in row for row in rows)
    assert "同一读取版本" in text_of(page.select_one("main"))
    assert [text_of(one) for one in page.select(".beside del")][:1] == ["41"]
    assert [text_of(one) for one in page.select(".beside ins")][:1] == ["39"]
    assert page.select_one('a[href*="/view?table="]')


def test_a_withdrawn_page_has_nothing_to_compare(app: FastAPI, seeded: Context) -> None:
    change = change_of(seeded, "shili-jyj", "withdrawn")
    page = soup(app, f"/agency/shili-jyj/2024/diff/{change.before_capture}/{change.after_capture}")
    said = text_of(page.select_one("main"))
    assert "没有收到内容" in said and "撤下" in said
    assert page.select(".changes tbody tr") == []


def kinds(rows: tuple[Row, ...]) -> list[str]:
    return [row.kind for row in rows]


def joined(row: Row) -> tuple[str, str]:
    return "".join(part.text for part in row.before), "".join(part.text for part in row.after)


def test_a_changed_line_keeps_what_both_have() -> None:
    found = line_diff(["甲", "收到申请41件。", "乙"], ["甲", "收到申请39件。", "乙"])
    assert kinds(found.rows) == ["same", "changed", "same"]
    changed = found.rows[1]
    assert [(part.kind, part.text) for part in changed.before] == [
        ("same", "收到申请"),
        ("removed", "41"),
        ("same", "件。"),
    ]
    assert joined(changed) == ("收到申请41件。", "收到申请39件。")


def test_lines_that_came_and_went() -> None:
    found = line_diff(["甲", "丙丙丙", "乙"], ["甲", "一二三四五", "乙", "丁"])
    assert kinds(found.rows) == ["same", "removed", "added", "same", "added"]
    assert line_diff(["甲"], ["甲"]).equal
    assert not line_diff([], ["甲"]).equal


def test_equal_stretches_become_gaps() -> None:
    lines = [f"第{number}行" for number in range(100)]
    found = line_diff(lines, [*lines[:50], "别的话", *lines[51:]])
    assert kinds(found.rows) == ["gap", "same", "same", "removed", "added", "same", "same", "gap"] or kinds(
        found.rows
    ) == ["gap", "same", "same", "changed", "same", "same", "gap"]
    assert sum(row.skipped for row in found.rows) == 95


def test_nothing_is_lost_between_both_sides() -> None:
    old = ["一", "二二二", "三", "四四四四", "五", "六"]
    new = ["零", "一", "二二三", "四四四四", "五五", "六", "七"]
    found = line_diff(old, new)
    assert [joined(row)[0] for row in found.rows if row.before] == old
    assert [joined(row)[1] for row in found.rows if row.after] == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["ab" * 700] * 600, ["ba" * 700] * 600),
        (
            [f"{'甲乙' * 120}{number % 7}" for number in range(690)],
            [f"{'乙甲' * 120}{number % 5}" for number in range(690)],
        ),
        (["x" * 100_000], ["y" * 100_000]),
    ],
)
def test_hostile_texts_cost_little(old: list[str], new: list[str]) -> None:
    begun = time.process_time()
    line_diff(old, new)
    assert time.process_time() - begun < 5


def test_too_much_is_not_compared() -> None:
    old = [f"旧{number}" for number in range(MOST_COMPARED + 1)]
    assert line_diff(old, [f"新{number}" for number in range(10)]).too_much


def test_a_table_is_one_line_a_row() -> None:
    row = (Cell("合计"), Cell("合计", repeated=True), Cell("3"))
    document = Document("html", (Paragraph(" 一 \n 二 "), Table((row, (Cell(""),)), spans_known=True), Paragraph("  ")))
    assert lines_of(document) == ["一 二", "合计 ｜ 3"]
