"""What a person decides holds at once, over rereading, and for later contents only where they leave it open."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from config.env import PACKAGED_CONFIG
from config.load import Configuration, load
from config.schema import Agency, Column, Portal
from crawler import review
from crawler.archive import Archive
from crawler.errors import StoreError
from crawler.identification import Identification, Identifier
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.read_captures import read_pending
from crawler.rulings import Ruled, obeyed
from crawler.store.reads import review as reads
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Filing, Ruling
from crawler.store.writes.visit import add_captures, add_look, start_run
from crawler.workers import Readers
from tests.golden.pages import form_html

NOW = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
URL = "http://127.0.0.1:8001/nb/1.html"
BARE = "政府信息公开工作年度报告"
WATER = "示例市水利局2023年政府信息公开工作年度报告"


def agency(id_: str, name: str) -> Agency:
    row = {"id": id_, "name": name, "region_code": "990100", "region": "示例市", "kind": "department", "invented": True}
    return Agency.model_validate(row)


@pytest.fixture
def configuration() -> Configuration:
    agencies = {one.id: one for one in (agency("slj", "示例市水利局"), agency("lyj", "示例市林业局"))}
    column = Column(key="nb", url="http://127.0.0.1:8001/nb/", agencies=("slj", "lyj"))
    portal = Portal(slug="shili", name="示例市", family="trs", hosts=("127.0.0.1:8001",), columns=(column,))
    packaged = load(PACKAGED_CONFIG)
    return Configuration(agencies, {"shili": portal}, packaged.deadlines, packaged.alerts)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers() as pool:
        yield pool


class Desk:
    """A store, its archive, and a person at it."""

    def __init__(self, sessions: Sessions, archive: Archive, configuration: Configuration, readers: Readers) -> None:
        self.sessions, self.archive, self.configuration, self.readers = sessions, archive, configuration, readers
        self.day = 0

    @property
    def now(self) -> dt.datetime:
        return NOW + dt.timedelta(days=self.day)

    def publishes(self, heading: str, note: str = "") -> int:
        """The page of the one entry, listed as 年报; read at once. Returns the entry's id."""
        self.day += 1
        tables = form_html("2021", {"requests.received.total": 7})
        text = f"<p>{note}</p>" if note else ""
        body = f"<html><meta charset=utf-8><title>{heading}</title><h1>{heading}</h1>{text}{tables}</html>".encode()
        with self.sessions.begin() as session:
            run = start_run(session, "shili", self.now, simulated=True)
            item = CaptureItem(
                "shili", "nb", "detail", URL, URL, self.now, 200, LookOutcome.HEALTHY,
                body=body, media_type="text/html", entry_url=URL,
            )  # fmt: skip
            add_captures(session, run, [(item, self.archive.put(body))])
            listed = (ListedEntry(URL, "年报", None, "", "unsure", "标题可能是年度报告"),)
            add_look(session, run, LookItem("shili", "nb", self.now, LookOutcome.HEALTHY, entries=listed, pages=1))
        self.reads()
        with self.sessions() as session:
            return max(row.entry_id for row in session.query(Filing))

    def reads(self, *, again: bool = False) -> None:
        read_pending(self.sessions, self.archive, self.configuration, now=self.now, again=again, readers=self.readers)

    def files(
        self, entry: int, agency_id: str = "lyj", year: int = 2023, by: str = "张三", note: str = "电话核实"
    ) -> None:
        with self.sessions.begin() as session:
            identifier = Identifier(self.configuration)
            review.file_as(session, identifier, entry, agency_id=agency_id, year=year, by=by, note=note, at=self.now)

    def refuses(self, entry: int) -> None:
        with self.sessions.begin() as session:
            review.refuse(session, Identifier(self.configuration), entry, by="张三", note="", at=self.now)

    def undoes(self, entry: int) -> None:
        with self.sessions.begin() as session:
            review.undo(session, Identifier(self.configuration), entry, by="李四", note="", at=self.now)

    def filed(self) -> list[tuple[str, str | None, int | None]]:
        """Every content's filing, the newest last."""
        with self.sessions() as session:
            return [
                (row.decision, row.agency_id, row.year) for row in session.query(Filing).order_by(Filing.capture_id)
            ]

    def waiting(self) -> list[int]:
        with self.sessions() as session:
            return [one.content.entry_id for one in reads.waiting(session)]


@pytest.fixture
def desk(database_url: str, tmp_path: Path, configuration: Configuration, readers: Readers) -> Desk:
    return Desk(open_store(database_url, create=True), Archive(tmp_path / "archive"), configuration, readers)


def test_a_decision_holds_at_once_and_over_rereading(desk: Desk) -> None:
    entry = desk.publishes(BARE)
    assert desk.waiting() == [entry]
    desk.files(entry)
    assert desk.filed() == [("filed", "lyj", 2023)]
    assert desk.waiting() == []
    desk.reads(again=True)
    assert desk.filed() == [("filed", "lyj", 2023)]
    with desk.sessions() as session:
        evidence = session.query(Filing).one().evidence
        assert "ruling by 张三 at 2024-02-02" in evidence["ruling"]
        assert "电话核实" in evidence["ruling"]
        assert evidence["list_title"] == "年报"
        [ruling] = reads.rulings(session, entry)
        assert (ruling.decision, ruling.agency_id, ruling.year, ruling.by) == ("filed", "lyj", 2023, "张三")
        assert ruling.sha256


def test_what_is_refused_waits_no_more(desk: Desk) -> None:
    entry = desk.publishes(BARE)
    desk.refuses(entry)
    assert (desk.filed(), desk.waiting()) == ([("not_a_report", None, None)], [])


def test_the_newest_decision_counts_and_undoing_gives_it_back(desk: Desk) -> None:
    entry = desk.publishes(BARE)
    desk.files(entry, "lyj")
    desk.files(entry, "slj", 2022)
    assert desk.filed() == [("filed", "slj", 2022)]
    desk.undoes(entry)
    assert desk.filed() == [("review", None, None)]
    assert desk.waiting() == [entry]
    with pytest.raises(StoreError, match="nothing was decided"):
        desk.undoes(entry)
    with desk.sessions() as session:
        assert session.query(Ruling).count() == 3


def test_a_person_may_correct_what_the_program_filed(desk: Desk) -> None:
    entry = desk.publishes(WATER)
    assert desk.filed() == [("filed", "slj", 2023)]
    desk.files(entry, "lyj", 2022)
    assert desk.filed() == [("filed", "lyj", 2022)]
    desk.undoes(entry)
    assert desk.filed() == [("filed", "slj", 2023)]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (BARE, ("filed", "lyj", 2023)),  # undecided by itself: the decision goes on
        ("示例市林业局2023年政府信息公开工作年度报告", ("filed", "lyj", 2023)),  # says the same
        (WATER, ("review", None, 2023)),  # says another agency
        ("示例市林业局2022年政府信息公开工作年度报告", ("review", None, 2022)),  # another year
        ("2022年政府信息公开工作年度报告", ("review", None, 2022)),  # undecided, but of another year
    ],
)
def test_a_later_content(desk: Desk, heading: str, expected: tuple[str, str | None, int | None]) -> None:
    entry = desk.publishes(BARE)
    desk.files(entry)
    assert desk.publishes(heading, note="更正") == entry
    assert desk.filed() == [("filed", "lyj", 2023), expected]
    if expected[0] == "review":
        with desk.sessions() as session:
            [waits] = reads.waiting(session)
            assert "lyj" in waits.filing.evidence["candidates"]
            assert "人工认定" in waits.filing.evidence["why"]


@pytest.mark.parametrize(
    ("agency_id", "year", "by", "words"),
    [
        ("nobody", 2023, "张三", "is no id"),
        ("lyj", 1999, "张三", "is no year"),
        ("lyj", 2025, "张三", "is no year"),
        ("lyj", 2023, " ", "needs a name"),
        ("lyj", 2023, "张" * 501, "at most 500"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, agency_id: str, year: int, by: str, words: str) -> None:
    entry = desk.publishes(BARE)
    with pytest.raises(StoreError, match=words):
        desk.files(entry, agency_id, year, by)
    with pytest.raises(StoreError, match="there is no entry"):
        desk.files(entry + 1)
    assert desk.waiting() == [entry]


def test_an_agency_that_left_the_registry_is_a_person_s_matter_again(desk: Desk) -> None:
    entry = desk.publishes(BARE)
    desk.files(entry)
    del desk.configuration.agencies["lyj"]
    column = Column(key="nb", url="http://127.0.0.1:8001/nb/", agencies=("slj",))
    portal = desk.configuration.portals["shili"].model_copy(update={"columns": (column,)})
    desk.configuration.portals["shili"] = portal
    desk.publishes(BARE, note="更正")
    assert desk.filed()[-1][0] == "review"


def test_a_better_registry_decides_what_waited(desk: Desk) -> None:
    desk.publishes("示例市水务局2023年政府信息公开工作年度报告")
    assert desk.filed() == [("review", None, 2023)]
    known = desk.configuration.agencies["slj"]
    desk.configuration.agencies["slj"] = known.model_copy(update={"aliases": ("示例市水务局",)})
    desk.reads(again=True)
    assert desk.filed() == [("filed", "slj", 2023)]


def own(
    decision: Literal["filed", "review", "not_a_report"],
    agency_id: str | None = None,
    year: int | None = None,
    *candidates: str,
) -> Identification:
    return Identification(decision, agency_id, year, "why", candidates=candidates)


RULED = Ruled("filed", "a", 2023, "seen", NOW, "张三")
REFUSED = Ruled("not_a_report", None, None, "seen", NOW, "张三")


@pytest.mark.parametrize(
    ("found", "ruled", "sha256", "attached", "expected"),
    [
        (own("filed", "b", 2020), RULED, "seen", False, ("filed", "a", 2023, True)),
        (own("review"), RULED, "later", False, ("filed", "a", 2023, True)),
        (own("review", None, 2023, "a", "b"), RULED, "later", False, ("filed", "a", 2023, True)),
        (own("review", None, 2023, "b"), RULED, "later", False, ("review", None, 2023, False)),
        (own("review", None, 2022, "a"), RULED, "later", False, ("review", None, 2022, False)),
        (own("filed", "a", 2023), RULED, "later", False, ("filed", "a", 2023, False)),
        (own("filed", "b", 2023), RULED, "later", False, ("review", None, 2023, False)),
        (own("not_a_report"), RULED, "later", False, ("review", None, None, False)),
        (own("not_a_report"), RULED, "later", True, ("not_a_report", None, None, False)),
        (own("review", None, 2020, "b"), REFUSED, "later", False, ("not_a_report", None, None, True)),
        (own("not_a_report"), REFUSED, "later", False, ("not_a_report", None, None, False)),
        (own("filed", "b", 2023), REFUSED, "later", False, ("review", None, 2023, False)),
    ],
)
def test_a_ruling_against_what_a_content_says(
    found: Identification,
    ruled: Ruled,
    sha256: str,
    attached: bool,
    expected: tuple[str, str | None, int | None, bool],
) -> None:
    result, by_person = obeyed(found, ruled, sha256, attached=attached)
    assert (result.decision, result.agency, result.year, by_person) == expected
