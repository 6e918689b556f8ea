"""The page of one report, its versions side by side, and why it stands as it does."""

import re
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from sqlalchemy import event, select

from crawler.store.reads import reports as reads
from crawler.store.tables import Capture, Change, Filing
from monitor.context import Context
from monitor.status.views.year import year_page
from tests.monitor.status.seed import HOSTILE_ADDRESS, UNWATCHED_REAL
from tests.monitor.status.test_routes import ask

DATA, AFFAIRS, HOSTILE = "shili-sjj", "shili-mzj", "shili-hostile"


def soup(app: FastAPI, path: str) -> BeautifulSoup:
    answer = ask(app, path)
    assert answer.status_code == 200, (path, answer.status_code)
    return BeautifulSoup(answer.text, "lxml")


def text_of(tag: Tag | None) -> str:
    assert tag is not None
    return re.sub(r"\s+", " ", tag.get_text(" ", strip=True))


def change_of(seeded: Context, agency_id: str, kind: str) -> Change:
    with seeded.sessions() as session:
        return session.scalars(select(Change).where(Change.agency_id == agency_id, Change.kind == kind)).one()


def capture_of(seeded: Context, agency_id: str, year: int) -> int:
    """The first capture that is filed as this report."""
    with seeded.sessions() as session:
        rows = select(Filing.capture_id).where(Filing.agency_id == agency_id, Filing.year == year)
        return session.scalars(rows.order_by(Filing.capture_id)).first() or 0


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_report_says_its_state_and_all_that_it_rests_on(app: FastAPI, prefix: str) -> None:
    page = soup(app, f"{prefix}/agency/shili-slj/2024")
    state = text_of(page.select_one("#state"))
    for words in ("2025-01-31 23:59:59", "2025-02-11 03:00", "第四十九条", "regulation-711-department"):
        assert words in state, words
    looks = page.select("#looks + .scroll tbody tr")
    assert len(looks) >= 2
    assert all(text_of(look).startswith("2025-0") for look in looks)
    assert page.select_one(f'a[href="{prefix}/agency/shili-slj/2024/why"]')


def test_why_gives_the_steps_and_agrees_with_the_record(app: FastAPI) -> None:
    page = soup(app, "/agency/shili-slj/2024/why")
    steps = [text_of(step) for step in page.select(".steps li")]
    assert any("≥ 2025年2月1日 00:00" in step for step in steps)
    assert steps[-1].endswith("逾期公布")
    assert "与已记录的一致" in text_of(page.select_one("article"))


def test_every_cell_leads_to_its_raw_text_and_place(app: FastAPI) -> None:
    page = soup(app, f"/agency/{DATA}/2024")
    links = page.select("td a.fact")
    assert len(links) == 200
    for link in links:
        assert page.find(id=str(link["href"])[1:]) is not None, link["href"]
    odd = page.select_one("td.c-unreadable a.fact")
    assert odd is not None
    line = page.find(id=str(odd["href"])[1:])
    assert isinstance(line, Tag)
    assert "详见附件" in text_of(line)
    place = line.select_one("a")
    assert place is not None and "/view?table=3&row=26&column=5#place" in str(place["href"])


def test_the_states_of_cells_are_told_apart(app: FastAPI) -> None:
    page = soup(app, f"/agency/{DATA}/2024")
    legend = text_of(page.select_one(".cell-legend"))
    for words in ("数字 197", "空白 2", "非数字 1", "推算值 1"):
        assert words in legend
    inferred = page.select_one("td.c-unreadable")
    assert inferred is not None and "推算值 0" in text_of(inferred)
    assert inferred.select_one(".number") is None


def test_the_checks_show_both_sides(app: FastAPI) -> None:
    page = soup(app, f"/agency/{DATA}/2024")
    rows = [text_of(row) for row in page.select(".sums details tbody tr")]
    assert len(rows) == 42
    assert sum("≠" in row and "不成立" in row for row in rows) == 2
    assert any(re.search(r"73 ≠ 72|72 ≠ 73", row) for row in rows)
    joined = [text_of(row) for row in page.select("#joined + .scroll tbody tr")]
    assert len(joined) == 9 and all(row.endswith("一致") for row in joined)


def test_each_version_has_an_address_and_a_comparison(app: FastAPI, seeded: Context) -> None:
    versions = soup(app, f"/agency/{AFFAIRS}/2024").select(".versions tbody tr")
    assert len(versions) == 2
    newest, oldest = versions
    assert "现在" in text_of(newest) and "最早的版本" in text_of(oldest)
    address = str(oldest.select('a[href*="?version="]')[0]["href"])
    assert address == f"/agency/{AFFAIRS}/2024?version={capture_of(seeded, AFFAIRS, 2024)}"
    old = soup(app, address)
    assert "后来已有别的内容" in text_of(old.select_one(".old-version"))
    received = old.find(id=re.compile(r"-requests\.received\.total$"))
    assert isinstance(received, Tag) and " 41 " in text_of(received)
    compare = str(newest.select('a[href*="/diff/"]')[0]["href"])
    assert "41" in text_of(soup(app, compare).select_one(".changes"))


@pytest.mark.parametrize(
    "path",
    [
        f"/agency/{DATA}/1999",
        f"/agency/{DATA}/20240",
        f"/agency/{DATA}/２０２４",
        f"/agency/{DATA}/2024/why/",
        f"/agency/{DATA}/2030/why",
        "/agency/nobody/2024",
        f"/agency/{UNWATCHED_REAL}/2024",
        f"/agency/{DATA}/2024?version=999999999",
        f"/agency/{DATA}/2024/diff/1/x",
        f"/agency/{DATA}/2024/diff/1/-1",
        f"/agency/{DATA}/2024/diff/1/99999999999999999999999",
    ],
)
def test_what_is_not_there(app: FastAPI, path: str) -> None:
    assert ask(app, path).status_code == 404


def test_a_version_is_a_number(app: FastAPI) -> None:
    assert ask(app, f"/agency/{DATA}/2024?version=1%20or%201").status_code == 400


def test_captures_of_another_agency_or_year_are_refused(app: FastAPI, seeded: Context) -> None:
    change = change_of(seeded, AFFAIRS, "numbers")
    pair = f"{change.before_capture}/{change.after_capture}"
    assert ask(app, f"/agency/{AFFAIRS}/2024/diff/{pair}").status_code == 200
    assert ask(app, f"/agency/{AFFAIRS}/2023/diff/{pair}").status_code == 404
    assert ask(app, f"/agency/{DATA}/2024/diff/{pair}").status_code == 404
    assert ask(app, f"/agency/{DATA}/2024?version={change.after_capture}").status_code == 404
    other = capture_of(seeded, DATA, 2024)
    assert ask(app, f"/agency/{AFFAIRS}/2024/diff/{other}/{change.after_capture}").status_code == 404
    # The later one first is no change that anybody made.
    assert ask(app, f"/agency/{AFFAIRS}/2024/diff/{change.after_capture}/{change.before_capture}").status_code == 404


def test_a_listing_is_no_version(app: FastAPI, seeded: Context) -> None:
    with seeded.sessions() as session:
        own = capture_of(seeded, DATA, 2024)
        others = session.scalars(select(Capture.id).where(Capture.id != own).limit(20)).all()
    for capture in others:
        if capture_is_of_data(seeded, capture):
            continue
        assert ask(app, f"/agency/{DATA}/2024?version={capture}").status_code == 404


def capture_is_of_data(seeded: Context, capture_id: int) -> bool:
    with seeded.sessions() as session:
        capture = reads.capture(session, capture_id)
        return capture is not None and reads.version_of(session, DATA, 2024, capture) is not None


def test_hostile_texts_stay_text(app: FastAPI) -> None:
    html = ask(app, f"/agency/{HOSTILE}/2024").text
    page = BeautifulSoup(html, "lxml")
    assert page.select("main script, main svg[onload], main img, [onerror]") == []
    assert not any(str(link["href"]).startswith("javascript:") for link in page.select("[href]"))
    assert HOSTILE_ADDRESS in page.get_text()
    assert "&lt;script&gt;" in html


def test_an_unwatched_year_says_nothing_of_anybody(app: FastAPI, seeded: Context) -> None:
    page = soup(app, "/agency/shili-xxj/2024")
    assert "没有认定为该年度报告的文件" in text_of(page.select_one("main"))
    assert page.select("td.c-number") == []


def test_a_page_costs_a_bounded_number_of_selects(seeded: Context) -> None:
    statements: list[str] = []
    engine = seeded.sessions.kw["bind"]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with seeded.sessions() as session:
            agency = seeded.configuration.agencies[AFFAIRS]
            assert year_page(session, seeded.configuration, agency, 2024, seeded.now, None)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= 24
    assert all(statement.lstrip().startswith("SELECT") for statement in statements)


def test_links_of_places_are_plain_queries(app: FastAPI) -> None:
    for link in soup(app, f"/agency/{DATA}/2024").select('a[href*="/view?"]'):
        assert re.fullmatch(
            r"/archive/[0-9a-f]{64}/view\?((table|row|column|block)=\d+&?)+#place", unquote(str(link["href"]))
        )
