"""From the archive to facts: once per content, again without a change, never the same version read two ways."""

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterator
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
from crawler.model import Box, LookOutcome, ParsedReport, Place, Proposal
from crawler.read_captures import ReadSummary, details_json, read_pending
from crawler.store.session import Sessions, open_store
from crawler.store.tables import FactRow, Filing, Reading
from crawler.store.writes.visit import add_captures, add_look, start_run
from crawler.workers import Limits, Readers
from crawler.workers.job import MEGABYTE
from tests.golden.pages import form_html

NOW = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
BASE = "http://127.0.0.1:8001/zwgk/zfxxgknb/202401/"
TITLE = "示例市水利局2023年政府信息公开工作年度报告"


Read = Callable[..., ReadSummary]


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


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """One pool for all tests of this file: its process takes most of a second to start."""
    with Readers() as pool:
        yield pool


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def read(sessions: Sessions, archive: Archive, configuration: Configuration, readers: Readers) -> Read:
    return functools.partial(read_pending, sessions, archive, configuration, readers=readers)


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


def test_a_capture_becomes_a_filed_report_with_facts(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page())})
    steps: list[tuple[int, int]] = []
    summary = read(now=NOW, progress=lambda *step: steps.append(step))
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


def test_reading_again_changes_nothing(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page()), "t20240118_2.html": ("目录", b"<p>x</p>")})
    read(now=NOW)
    before = dump(sessions)
    assert read(now=NOW + dt.timedelta(days=1)) == ReadSummary()
    later = NOW + dt.timedelta(days=2)
    assert read(now=later, again=True) == ReadSummary(known=2)
    assert dump(sessions) == before


def test_the_same_bytes_at_two_addresses_are_read_once(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"t20240118_1.html": (TITLE, page()), "t20240119_2.html": (TITLE, page())})
    summary = read(now=NOW)
    assert (summary.read, summary.known, summary.filed) == (1, 1, 2)


def test_a_new_content_of_a_page_is_a_second_reading(sessions: Sessions, archive: Archive, read: Read) -> None:
    for received in (7, 8, 7):
        publish(sessions, archive, {"t20240118_1.html": (TITLE, page(received=received))})
        read(now=NOW)
    with sessions() as session:
        assert session.query(Reading).count() == 2
        assert session.query(Filing).count() == 2


@pytest.mark.parametrize(
    ("title", "heading", "decision", "agency_id", "year"),
    [
        (TITLE, "政府信息公开工作年度报告", "filed", "slj", 2023),  # agency and year from the list's title
        ("年报", "示例市林业局2022年政府信息公开工作年度报告", "filed", "lyj", 2022),
        (TITLE, "示例市林业局2023年政府信息公开工作年度报告", "review", None, 2023),  # the list says another office
        (TITLE, "示例市水利局2022年政府信息公开工作年度报告", "review", None, 2022),  # and another year
        ("年报", "示例市水文局2023年政府信息公开工作年度报告", "review", None, 2023),
        ("年报", "政府信息公开工作年度报告", "review", None, None),
    ],
)
def test_whose_and_which_year(
    sessions: Sessions,
    archive: Archive,
    read: Read,
    title: str,
    heading: str,
    decision: str,
    agency_id: str | None,
    year: int | None,
) -> None:
    publish(sessions, archive, {"1.html": (title, page(heading))})
    summary = read(now=NOW)
    with sessions() as session:
        filing = session.query(Filing).one()
        assert (filing.decision, filing.agency_id, filing.year) == (decision, agency_id, year)
        assert set(summary.review) == ({BASE + "1.html"} if decision == "review" else set())
        if decision == "review":
            assert set(filing.evidence["candidates"]) <= {"slj", "lyj"}
            assert filing.evidence["candidates"]
            assert filing.evidence["why"]


def test_what_cannot_be_read_waits_for_a_person(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"1.pdf": (TITLE, b"%PDF-1.7 broken"), "2.html": ("页面", b"<html><p>hello</p></html>")})
    summary = read(now=NOW)
    assert set(summary.failed) == {BASE + "1.pdf"}
    assert "PDF" in summary.failed[BASE + "1.pdf"]
    assert summary.not_reports == 1
    with sessions() as session:
        assert {row.decision for row in session.query(Filing)} == {"review", "not_a_report"}


def test_a_reader_that_changed_without_a_new_version_is_refused(
    sessions: Sessions, archive: Archive, read: Read
) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    read(now=NOW)
    with sessions.begin() as session:
        session.query(FactRow).filter_by(code="requests.received.total").one().value = Decimal(9)
    before = dump(sessions)
    with pytest.raises(StoreError, match=r"requests\.received\.total\): raise crawler\.reports\.EXTRACTOR"):
        read(now=NOW, again=True)
    assert dump(sessions) == before


def test_a_new_version_reads_beside_the_old_one(
    sessions: Sessions, archive: Archive, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    read(now=NOW)
    present = reports.EXTRACTOR
    monkeypatch.setattr(reports, "EXTRACTOR", "next")
    assert read(now=NOW) == ReadSummary(read=1, filed=1)
    with sessions() as session:
        assert {row.extractor for row in session.query(Reading)} == {"next", present}


def test_damaged_bytes_stop_the_reading(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    archive.path(archive.put(page())).write_bytes(b"tampered")
    with pytest.raises(ArchiveError):
        read(now=NOW)
    assert dump(sessions) == "[[], [], []]"


def hostile(seconds: float = 2) -> Readers:
    """A pool that does what the documents say (tests.crawler.hostile)."""
    limits = Limits(seconds=seconds, memory_bytes=400 * MEGABYTE)
    return Readers(workers=2, limits=limits, reader="tests.crawler.hostile:read_report_or_die")


@pytest.mark.integration
def test_documents_that_kill_their_process_wait_for_a_person_and_the_others_are_read(
    sessions: Sessions, archive: Archive, read: Read
) -> None:
    pages = {
        "1.html": (TITLE, page()),
        "2.pdf": (TITLE, b"segfault"),
        "3.pdf": (TITLE, b"hang"),
        "4.pdf": (TITLE, b"fill"),
        "5.html": (TITLE, page(received=8)),
    }
    publish(sessions, archive, pages)
    with hostile() as readers:
        summary = read(now=NOW, readers=readers)
    assert (summary.read, summary.filed, summary.review) == (5, 2, {})
    reasons = {
        address.removeprefix(BASE): reason.partition("（")[0].partition("：")[0]
        for address, reason in summary.failed.items()
    }
    assert reasons == {"2.pdf": "读取进程崩溃", "3.pdf": "读取超时", "4.pdf": "内存超限"}
    with sessions() as session:
        decided = [
            (row.decision, row.evidence.get("stopped")) for row in session.query(Filing).order_by(Filing.entry_id)
        ]
    assert decided == [("filed", None), ("review", "crash"), ("review", "time"), ("review", "memory"), ("filed", None)]


@pytest.mark.integration
def test_what_was_stopped_is_read_by_a_later_run(sessions: Sessions, archive: Archive, read: Read) -> None:
    """On a busy machine a good report may take too long: that is no property of its bytes."""
    publish(sessions, archive, {"1.html": (TITLE, page()), "2.html": (TITLE, page())})
    with Readers(limits=Limits(seconds=0.5), reader="tests.crawler.hostile:read_late") as readers:
        first = read(now=NOW, readers=readers)
    assert set(first.failed) == {BASE + "1.html", BASE + "2.html"}
    assert read(now=NOW + dt.timedelta(days=1)) == ReadSummary(read=1, known=1, filed=2)
    with sessions() as session:
        assert [(row.decision, row.agency_id, row.year) for row in session.query(Filing)] == [
            ("filed", "slj", 2023)
        ] * 2
        reading = session.query(Reading).one()
        assert (reading.error, reading.is_report) == ("", True)
        assert "attempts" not in reading.details
        assert session.query(FactRow).count() == 200
    assert read(now=NOW + dt.timedelta(days=2)) == ReadSummary()


@pytest.mark.integration
def test_what_is_stopped_every_time_is_tried_three_times(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"1.pdf": (TITLE, b"leave"), "2.pdf": (TITLE, b"leave")})
    with hostile() as readers:
        counts = [len(read(now=NOW + dt.timedelta(days=day), readers=readers).failed) for day in range(5)]
    assert counts == [2, 2, 2, 0, 0]
    with sessions() as session:
        reading = session.query(Reading).one()
        assert reading.details == {"stopped": "crash", "attempts": 3}
        assert [row.decision for row in session.query(Filing)] == ["review", "review"]


@pytest.mark.integration
def test_a_reading_stands_when_a_later_one_is_stopped(sessions: Sessions, archive: Archive, read: Read) -> None:
    publish(sessions, archive, {"1.html": (TITLE, page())})
    read(now=NOW)
    before = dump(sessions)
    with Readers(limits=Limits(seconds=0.5), reader="tests.crawler.hostile:read_late") as readers:
        summary = read(now=NOW + dt.timedelta(days=1), again=True, readers=readers)
    assert set(summary.failed) == {BASE + "1.html"}
    assert dump(sessions) == before
    assert read(now=NOW + dt.timedelta(days=2), again=True) == ReadSummary(known=1)


def test_what_is_proposed_is_kept_beside_the_facts() -> None:
    place = Place(3, table=1, row=2, column=4, box=Box(2, 10, 20, 30.04, 40))
    proposal = Proposal("requests.granted.total", Decimal("1E+1"), "件", ("rows", "columns"), place, "1O")
    report = ParsedReport(True, None, None, None, None, None, "", proposals=(proposal,))
    assert details_json(report)["proposals"] == [
        {
            "code": "requests.granted.total",
            "value": "10",
            "unit": "件",
            "identities": ["rows", "columns"],
            "raw": "1O",
            "place": {"block": 3, "table": 1, "row": 2, "column": 4, "box": [2, 10, 20, 30.0, 40]},
        }
    ]
