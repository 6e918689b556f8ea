"""From the archive to facts: once per content, again without a change, never the same version read two ways."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from config.env import PACKAGED_CONFIG
from config.load import Configuration, load
from config.schema import Agency, AgencyKind, Column, Portal
from crawler import reports
from crawler.archive import Archive
from crawler.errors import ArchiveError, StoreError
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.read_captures import ReadSummary, read_pending
from crawler.store.session import Sessions, open_store
from crawler.store.tables import FactRow, Filing, Reading
from crawler.store.writes.visit import add_captures, add_look, start_run
from tests.golden.pages import form_html

NOW = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
BASE = "http://127.0.0.1:8001/zwgk/zfxxgknb/202401/"
TITLE = "示例市水利局2023年政府信息公开工作年度报告"


def agency(id_: str, name: str) -> Agency:
    return Agency(id=id_, name=name, region_code="990100", region="示例市", kind=AgencyKind.DEPARTMENT, invented=True)


@pytest.fixture
def configuration() -> Configuration:
    agencies = {one.id: one for one in (agency("slj", "示例市水利局"), agency("lyj", "示例市林业局"))}
    column = Column(key="nb", url="http://127.0.0.1:8001/zwgk/zfxxgknb/", agencies=("slj", "lyj"))
    portal = Portal(slug="shili", name="示例市", family="trs", hosts=("127.0.0.1:8001",), columns=(column,))
    packaged = load(PACKAGED_CONFIG)
    return Configuration(agencies, {"shili": portal}, packaged.deadlines, packaged.alerts)


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def page(title: str = TITLE, received: int = 7) -> bytes:
    tables = form_html("2021", {"requests.received.natural_person": received, "requests.received.total": received})
    return f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>{tables}</body></html>".encode()


def publish(sessions: Sessions, archive: Archive, pages: dict[str, tuple[str, bytes]]) -> None:
    """Lists each page under its title and captures it."""
    with sessions.begin() as session:
        run = start_run(session, "shili", NOW, simulated=True)
        captures = []
        for name, (_, body) in pages.items():
            item = CaptureItem(
                "shili", "nb", "detail", BASE + name, BASE + name, NOW, 200, LookOutcome.HEALTHY,
                body=body, media_type="text/html", entry_url=BASE + name,
            )  # fmt: skip
            captures.append((item, archive.put(body)))
        add_captures(session, run, captures)
        listed = tuple(
            ListedEntry(BASE + name, title, dt.date(2024, 1, 18), "2024-01-18", "report", "标题")
            for name, (title, _) in pages.items()
        )
        add_look(session, run, LookItem("shili", "nb", NOW, LookOutcome.HEALTHY, entries=listed, pages=1))


def dump(sessions: Sessions) -> str:
    """Every row that reading writes, for comparison."""
    with sessions() as session:
        rows = [
            [
                {name: str(value) for name, value in vars(row).items() if name != "_sa_instance_state"}
                for row in session.query(table)
            ]
            for table in (Reading, FactRow, Filing)
        ]
    return json.dumps(rows, sort_keys=True)


def test_a_capture_becomes_a_filed_report_with_facts(
    sessions: Sessions, archive: Archive, configuration: Configuration
) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page())})
    steps: list[tuple[int, int]] = []
    summary = read_pending(sessions, archive, configuration, now=NOW, progress=lambda *step: steps.append(step))
    assert summary == ReadSummary(read=1, filed=1)
    assert steps == [(1, 1)]
    with sessions() as session:
        filing = session.query(Filing).one()
        assert (filing.decision, filing.agency_id, filing.year) == ("filed", "slj", 2023)
        assert filing.evidence["address_date"] == "2024-01-18"
        reading = session.query(Reading).one()
        assert (reading.template, reading.extractor, reading.is_report) == ("2021", reports.EXTRACTOR, True)
        facts = {fact.code: fact for fact in session.query(FactRow)}
        assert len(facts) == 200
        assert facts["requests.received.total"].value == Decimal(7)
        place = facts["requests.received.total"].place
        assert place is not None
        assert place["row_label"].startswith("一、")
        assert (facts["requests.granted.total"].state, facts["requests.granted.total"].value) == ("blank", None)


def test_reading_again_changes_nothing(sessions: Sessions, archive: Archive, configuration: Configuration) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page()), "t20240118_2.html": ("目录", b"<p>x</p>")})
    read_pending(sessions, archive, configuration, now=NOW)
    before = dump(sessions)
    assert read_pending(sessions, archive, configuration, now=NOW + dt.timedelta(days=1)) == ReadSummary()
    later = NOW + dt.timedelta(days=2)
    assert read_pending(sessions, archive, configuration, now=later, again=True) == ReadSummary(known=2)
    assert dump(sessions) == before


def test_the_same_bytes_at_two_addresses_are_read_once(
    sessions: Sessions, archive: Archive, configuration: Configuration
) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page()), "t20240119_2.html": (TITLE, page())})
    summary = read_pending(sessions, archive, configuration, now=NOW)
    assert (summary.read, summary.known, summary.filed) == (1, 1, 2)


def test_a_new_content_of_a_page_is_a_second_reading(
    sessions: Sessions, archive: Archive, configuration: Configuration
) -> None:
    for received in (7, 8, 7):
        publish(sessions, archive, {"t20240118_1.html": (TITLE, page(received=received))})
        read_pending(sessions, archive, configuration, now=NOW)
    with sessions() as session:
        assert session.query(Reading).count() == 2
        assert session.query(Filing).count() == 2


@pytest.mark.parametrize(
    ("title", "heading", "decision", "agency_id", "year"),
    [
        (TITLE, "政府信息公开工作年度报告", "filed", "slj", 2023),  # agency and year from the list's title
        (TITLE, "示例市林业局2022年政府信息公开工作年度报告", "filed", "lyj", 2022),  # the page itself goes first
        ("年报", "示例市水文局2023年政府信息公开工作年度报告", "review", None, 2023),
        ("年报", "政府信息公开工作年度报告", "review", None, None),
    ],
)
def test_whose_and_which_year(
    sessions: Sessions,
    archive: Archive,
    configuration: Configuration,
    title: str,
    heading: str,
    decision: str,
    agency_id: str | None,
    year: int | None,
) -> None:
    publish(sessions, archive, {"1.html": (title, page(heading))})
    summary = read_pending(sessions, archive, configuration, now=NOW)
    with sessions() as session:
        filing = session.query(Filing).one()
        assert (filing.decision, filing.agency_id, filing.year) == (decision, agency_id, year)
        assert set(summary.review) == ({BASE + "1.html"} if decision == "review" else set())
        if decision == "review":
            assert filing.evidence["candidates"] == ["slj", "lyj"]


def test_what_cannot_be_read_waits_for_a_person(
    sessions: Sessions, archive: Archive, configuration: Configuration
) -> None:
    publish(sessions, archive, {"1.pdf": (TITLE, b"%PDF-1.7 broken"), "2.html": ("页面", b"<html><p>hello</p></html>")})
    summary = read_pending(sessions, archive, configuration, now=NOW)
    assert set(summary.failed) == {BASE + "1.pdf"}
    assert "PDF" in summary.failed[BASE + "1.pdf"]
    assert summary.not_reports == 1
    with sessions() as session:
        assert {row.decision for row in session.query(Filing)} == {"review", "not_a_report"}


def test_a_reader_that_changed_without_a_new_version_is_refused(
    sessions: Sessions, archive: Archive, configuration: Configuration
) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    read_pending(sessions, archive, configuration, now=NOW)
    with sessions.begin() as session:
        session.query(FactRow).filter_by(code="requests.received.total").one().value = Decimal(9)
    before = dump(sessions)
    with pytest.raises(StoreError, match=r"requests\.received\.total\): raise crawler\.reports\.EXTRACTOR"):
        read_pending(sessions, archive, configuration, now=NOW, again=True)
    assert dump(sessions) == before


def test_a_new_version_reads_beside_the_old_one(
    sessions: Sessions, archive: Archive, configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    read_pending(sessions, archive, configuration, now=NOW)
    monkeypatch.setattr(reports, "EXTRACTOR", "next")
    assert read_pending(sessions, archive, configuration, now=NOW) == ReadSummary(read=1, filed=1)
    with sessions() as session:
        assert {row.extractor for row in session.query(Reading)} == {"next", "2"}


def test_damaged_bytes_stop_the_reading(sessions: Sessions, archive: Archive, configuration: Configuration) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    archive.path(archive.put(page())).write_bytes(b"tampered")
    with pytest.raises(ArchiveError):
        read_pending(sessions, archive, configuration, now=NOW)
    assert dump(sessions) == "[[], [], []]"
