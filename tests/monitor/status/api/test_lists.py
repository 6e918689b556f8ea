"""The lists: complete and without repetition in pages of any size, selected as the matrix selects, typed as described."""

from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from crawler.store.reads import coverage
from crawler.store.tables import Event, FactRow, Filing, Finding
from monitor.context import Context
from monitor.status.filters import Filters
from monitor.status.views.report import current_filings
from tests.monitor.status.api.conftest import Walk
from tests.monitor.status.seed import UNWATCHED_REAL
from tests.monitor.status.test_routes import ask

LISTS = {
    "agencies": ("id",),
    "coverage": ("agency", "year"),
    "coverage/totals?year=2024&by=region": ("group",),
    "reports": ("id",),
    "versions": ("report", "content.reading"),
    "facts?agency=shili-sjj": ("report", "code"),
    "changes": ("id",),
    "findings": ("id",),
    "findings?status=closed": ("id",),
    "events": ("id",),
    "events?after=1": ("id",),
    "events?region=990121": ("id",),
    "portals": ("slug",),
}


def key(item: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    found = []
    for name in names:
        outer, _, inner = name.partition(".")
        found.append(item[outer][inner] if inner else item[outer])
    return tuple(found)


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_any_size_are_the_same_list(walk: Walk, path: str) -> None:
    join = "&" if "?" in path else "?"
    whole = [key(item, LISTS[path]) for item in walk(f"/api/v1/{path}{join}limit=500")]
    assert whole
    assert len(set(whole)) == len(whole)
    size = 17 if len(whole) > 60 else 3
    assert [key(item, LISTS[path]) for item in walk(f"/api/v1/{path}{join}limit={size}")] == whole
    if len(whole) < 20:
        assert [key(item, LISTS[path]) for item in walk(f"/api/v1/{path}{join}limit=1")] == whole


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "水利"},
        {"q": "slj"},
        {"q": "SHILI"},
        {"region": "990000"},
        {"region": "990121"},
        {"region": "990100", "own": "1"},
        {"kind": "township"},
        {"level": "county"},
        {"supervisor": "示例市人民政府办公室"},
        {"portal": "sim-shili-slj"},
        {"family": "trs"},
        {"state": "missing"},
        {"state": "missing", "from": "2024"},
        {"state": "on_time", "to": "2022"},
        {"flag": "arithmetic", "from": "2023", "to": "2024"},
        {"state": "late", "flag": "late"},
    ],
)
def test_filters_are_those_of_the_matrix(app: FastAPI, walk: Walk, query: dict[str, str]) -> None:
    board = app.state.web.board()
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    selected = Filters.of(query).selected(board)
    assert [one["id"] for one in walk(f"/api/v1/agencies?{asked}")] == [
        board.ids[row] for row in range(len(board)) if selected[row]
    ]
    pairs = {(one["agency"], one["year"]) for one in walk(f"/api/v1/coverage?{asked}")}
    assert {agency for agency, _ in pairs} == {
        board.ids[row] for row in range(len(board)) if selected[row] and board.state[row].any()
    }
    for agency, year in pairs:
        place = board.place(board.row_of[agency], year, app.state.web.now())
        assert query.get("state") in (None, place.state)
        assert Filters.of(query).spans(year)


def test_coverage_says_what_the_board_says(walk: Walk) -> None:
    found = {(one["agency"], one["year"]): one for one in walk("/api/v1/coverage")}
    late = found["shili-slj", 2024]
    assert (late["state"], late["due"], late["days_least"], late["days_most"]) == ("late", "2025-01-31", 4, 11)
    assert (late["seen_on"], late["absent_on"]) == ("2025-02-11", "2025-02-04")
    assert late["invented"] is True and "late" in late["findings"]
    missing = found["shili-whj", 2024]
    assert (missing["days_least"], missing["days_most"], missing["seen_on"]) == (48, 48, None)
    assert not any(agency == UNWATCHED_REAL for agency, _ in found)


def test_totals_add_up(walk: Walk) -> None:
    (whole,) = walk("/api/v1/coverage/totals?year=2024")
    assert whole["watched"] == whole["unjudged"] + sum(whole["states"].values()) == 12
    assert whole["owing"] == whole["watched"] - whole["states"]["exempt"]
    for by in ("region", "province", "prefecture", "supervisor", "kind", "level"):
        groups = walk(f"/api/v1/coverage/totals?year=2024&by={by}")
        assert sum(group["watched"] for group in groups) == whole["watched"], by
        for state, count in whole["states"].items():
            assert sum(group["states"][state] for group in groups) == count, (by, state)
    named = {group["group"]: group["name"] for group in walk("/api/v1/coverage/totals?year=2024&by=region")}
    assert named == {"990100": "示例省示例市", "990121": "示例省示例市示例县"}
    assert {group["watched"] for group in walk("/api/v1/coverage/totals?year=2024&by=portal")} == {1}
    assert walk("/api/v1/coverage/totals?year=2100") == []


def test_one_agency_with_its_years(app: FastAPI) -> None:
    found = ask(app, "/api/v1/agencies/shili-slj").json()
    assert (found["generated_at"], found["simulated"]) == ("2025-03-20T10:00:00+08:00", True)
    assert found["url"]["en"] == "http://127.0.0.1:8600/en/agency/shili-slj"
    late = found["years"][-1]
    assert (late["year"], late["state"], late["due"]) == (2024, "late", "2025-01-31")
    assert (late["rule"], late["basis"]) == ("regulation-711-department", None)
    assert "2025年2月11日" in late["reason"]["zh"] and "11 February 2025" in late["reason"]["en"]
    assert "第四十九条" in late["citation"]["zh"]
    assert late["published"]["not_before"]["looks"] and late["published"]["not_after"]["captures"]
    assert ask(app, f"/api/v1/agencies/{UNWATCHED_REAL}").json()["years"] == []


def test_an_unknown_state_says_why(app: FastAPI) -> None:
    year = ask(app, "/api/v1/agencies/shili-jtj").json()["years"][-1]
    assert year["state"] == "unknown" and year["days_least"] is None
    assert len(year["reason"]["zh"]) > 5 and len(year["reason"]["en"]) > 5


def test_reports_are_those_of_the_pages(seeded: Context, walk: Walk) -> None:
    with seeded.sessions() as session:
        wanted = set()
        for agency in seeded.configuration.agencies:
            filed = coverage.filed_reports(session, agency)
            newest = coverage.newest_contents(session, {one.entry.id for one in filed})
            wanted |= {(agency, one.filing.year, one.reading.sha256) for one in current_filings(filed, newest)}
    found = walk("/api/v1/reports")
    assert {(one["agency"], one["year"], one["content"]["sha256"]) for one in found} == wanted
    assert {one["year"] for one in walk("/api/v1/reports?year=2023")} == {2023}
    assert {one["agency"] for one in walk("/api/v1/reports?region=990121")} == {"shili-xzf", "shili-zzf"}
    assert {one["content"]["template"] for one in walk("/api/v1/reports?template=2021&limit=7")} == {"2021"}
    assert walk("/api/v1/reports?template=2008") == []
    assert walk("/api/v1/reports?agency=nobody") == []


def test_a_report_keeps_its_id_and_has_its_versions(app: FastAPI, walk: Walk) -> None:
    (report,) = walk("/api/v1/reports?agency=shili-mzj&year=2024")  # it changed two numbers
    assert ask(app, f"/api/v1/reports/{report['id']}").json() == report
    newest, oldest = walk(f"/api/v1/versions?report={report['id']}")
    assert newest["current"] and newest["content"] == report["content"]
    assert not oldest["current"] and oldest["content"]["sha256"] != newest["content"]["sha256"]
    assert oldest["last_captured_at"] < newest["content"]["captured_at"]
    assert walk(f"/api/v1/versions?report={report['id']}&limit=1") == [newest, oldest]
    assert walk(f"/api/v1/versions?report={report['id']}&year=2023") == []


def test_facts_are_those_of_what_stands_now(seeded: Context, walk: Walk) -> None:
    (report,) = walk("/api/v1/reports?agency=shili-mzj&year=2024")
    found = walk("/api/v1/facts?agency=shili-mzj&year=2024&limit=50")
    with seeded.sessions() as session:
        of_reading = select(FactRow).where(FactRow.reading_id == report["content"]["reading"])
        rows = session.scalars(of_reading.order_by(FactRow.id)).all()
    assert [(one["code"], one["state"], one["raw"]) for one in found] == [
        (row.code, row.state, row.raw) for row in rows
    ]
    assert [None if one["value"] is None else Decimal(one["value"]) for one in found] == [row.value for row in rows]
    assert {one["sha256"] for one in found} == {report["content"]["sha256"]}


def test_a_number_a_blank_and_no_such_cell_stay_three_things(walk: Walk) -> None:
    found = walk("/api/v1/facts?agency=shili-sjj&limit=500")
    by_state: dict[str, set[str | None]] = {}
    for fact in found:
        by_state.setdefault(fact["state"], set()).add(fact["value"])
    assert {"number", "blank"} <= set(by_state)
    assert None not in by_state["number"] and "0" in by_state["number"]
    assert all(values == {None} for state, values in by_state.items() if state != "number")
    assert all(fact["unit"] for fact in found)
    fee = next(fact for fact in found if fact["code"] == "proactive.fees.amount" and fact["year"] == 2023)
    assert (fee["value"], fee["unit"]) == ("1250000", "元")


def test_one_cell_over_all_reports(walk: Walk) -> None:
    found = walk("/api/v1/facts?code=proactive.licences.decisions&year=2023&limit=2")
    assert {one["year"] for one in found} == {2023}
    assert len({one["agency"] for one in found}) == len(found) > 5
    assert walk("/api/v1/facts?code=no.such.cell") == []


def test_an_older_reading_can_still_be_asked_for(walk: Walk) -> None:
    (report,) = walk("/api/v1/reports?agency=shili-mzj&year=2024")
    newest, oldest = walk(f"/api/v1/versions?report={report['id']}")
    old = walk(f"/api/v1/facts?reading={oldest['content']['reading']}&limit=30")
    assert {one["sha256"] for one in old} == {oldest["content"]["sha256"]}
    new = {one["code"]: one["value"] for one in walk(f"/api/v1/facts?reading={newest['content']['reading']}")}
    changed = {one["code"] for one in old if one["value"] != new[one["code"]]}
    (change,) = walk("/api/v1/changes?agency=shili-mzj&kind=numbers")
    assert {cell["code"] for cell in change["cells"]} == changed
    assert change["diff"]["zh"].endswith(
        f"/agency/shili-mzj/2024/diff/{change['before']['capture']}/{change['after']['capture']}"
    )


def test_what_happened_is_whole(seeded: Context, walk: Walk) -> None:
    with seeded.sessions() as session:
        events = session.scalar(select(func.count()).select_from(Event).where(Event.kind != "quiet"))
        findings = session.scalar(select(func.count()).select_from(Finding))
        filed = session.scalar(select(func.count()).select_from(Filing).where(Filing.decision == "filed"))
    assert len(walk("/api/v1/events?limit=500")) == events
    assert len(walk("/api/v1/findings?limit=500")) == findings
    assert len(walk("/api/v1/versions?limit=500")) == filed
    both = [len(walk(f"/api/v1/findings?status={status}")) for status in ("open", "closed")]
    assert sum(both) == findings
    ids = [one["id"] for one in walk("/api/v1/events")]
    assert ids == sorted(ids, reverse=True)
    middle = ids[len(ids) // 2]
    assert [one["id"] for one in walk(f"/api/v1/events?after={middle}&limit=2")] == sorted(
        one for one in ids if one > middle
    )
    assert {one["kind"] for one in walk("/api/v1/events?kind=missing")} == {"missing"}
    assert {one["year"] for one in walk("/api/v1/findings?year=2024")} == {2024}
    assert {one["severity"] for one in walk("/api/v1/changes?severity=high")} == {"high"}


def test_the_dictionary_has_every_code(walk: Walk) -> None:
    codes = {one["code"] for one in walk("/api/v1/indicators")}
    assert {one["code"] for one in walk("/api/v1/facts?agency=shili-sjj&limit=500")} <= codes
    of_form = walk("/api/v1/indicators?template=2021")
    assert all("2021" in [form["template"] for form in one["forms"]] for one in of_form)
    assert len(of_form) == 10 + 25 * 7 + 15


def test_portals_say_what_could_not_be_seen(walk: Walk) -> None:
    columns = {one["slug"]: one["columns"][0] for one in walk("/api/v1/portals")}
    blind = columns["sim-shili-jtj"]
    assert (blind["outcome"], blind["sight"]) == ("server_error", "transport_error")
    assert blind["blind_since"] > blind["healthy_at"]
    assert (columns["sim-shili-slj"]["sight"], columns["sim-shili-slj"]["blind_since"]) == (None, None)
